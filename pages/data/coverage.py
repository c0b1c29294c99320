"""Is there enough to learn from? What each domain holds, and how many users domains share."""

import pandas as pd
import streamlit as st

from pages.ui.activity import show_activity
from pages.ui.coverage_charts import events_figure, events_table, shared_figure
from pages.ui.empty import require_dataset
from pages.ui.figures import show_figure
from pages.ui.loaded import dataset_in_use
from pages.ui.phrases import count, listed, percent, plain
from pages.ui.places import COVERAGE, page_header
from pages.ui.state import current
from pages.ui.tables import show_table
from recsys_core.catalogue.coverage import (
    ENOUGH_USERS,
    EVIDENCE,
    FEW_USERS,
    SOURCE,
    TARGET,
    Evidence,
    directions,
    domain_summary,
    events_per_user,
)
from recsys_core.columns import DOMAIN, N_EVENTS, N_ITEMS, N_USERS

WILL_SHOW = "This page will show what each domain holds and how many users the domains share."


FEW_EVENTS = 5


def few_sentence(few: float) -> str:
    """How many users have enough events to say something of them; ``few``: fraction that has not."""
    if few < 0.5:
        return f"{percent(1 - few)} of users have {FEW_EVENTS} events or more"
    return f"{percent(few)} of users have fewer than {FEW_EVENTS} events"


def headline(pairs: pd.DataFrame) -> str:
    """Which domains can learn from which, in one sentence."""
    if pairs.empty:
        return "There is one domain, so nothing can be carried over from another; add a second one."
    both = pairs[pairs[SOURCE] < pairs[TARGET]]
    named = {kind: both[both[EVIDENCE] == kind] for kind in Evidence}
    if len(named[Evidence.ENOUGH]) == len(both):
        least = both.iloc[-1]
        pair = f"{plain(least[SOURCE])} and {plain(least[TARGET])}"
        return f"Enough shared users between all domains; the fewest, {count(least[N_USERS])}, share {pair}."
    enough = [f"{plain(a)} and {plain(b)}" for a, b in named[Evidence.ENOUGH][[SOURCE, TARGET]].to_numpy()]
    weak = both[both[EVIDENCE] != Evidence.ENOUGH]
    few = [
        f"{plain(r[SOURCE])} and {plain(r[TARGET])} have only {count(r[N_USERS])}" for _, r in weak.iterrows()
    ]
    first = f"Enough shared users between {listed(enough)}" if enough else "No two domains share enough users"
    return f"{first}; {listed(few[:3])}."


def show_domains(summary: pd.DataFrame) -> None:
    """What each domain holds, as a table."""
    st.markdown("#### What each domain holds")
    st.caption("An item without text can only be recommended by who took it, not by what it is.")
    table = pd.DataFrame(
        {
            "Domain": summary[DOMAIN],
            "Users": summary[N_USERS],
            "Items": summary[N_ITEMS],
            "Events": summary[N_EVENTS],
            "Events per user (median)": summary["per_user"].round().astype(int),
            "Items with text (%)": 100 * summary["with_text"],
        }
    )
    show_table(table, "domains")


def show_directions(pairs: pd.DataFrame) -> None:
    """How many users two domains share, as a picture and a table with what that is enough for."""
    words = {
        Evidence.ENOUGH: "enough to learn and to test",
        Evidence.SOME: "enough to learn, wide intervals",
        Evidence.TOO_FEW: "too few",
    }
    table = pd.DataFrame(
        {
            "From": pairs[SOURCE],
            "To": pairs[TARGET],
            "Shared users": pairs[N_USERS],
            "What that is enough for": pairs[EVIDENCE].map(words),
        }
    )
    top = pairs.iloc[0]
    show_figure(
        shared_figure(pairs),
        title=f"{plain(top[SOURCE])} and {plain(top[TARGET])} share the most users",
        note=(
            f"Users with at least one event in both domains. {ENOUGH_USERS} or more are enough; "
            f"under {FEW_USERS} are too few to say whether one domain helps in another."
        ),
        alt="Bars: shared users of each pair of domains, most first; a line marks what is enough.",
        table=table,
        name="shared-users",
    )


selection = current()
page_header(COVERAGE.title, COVERAGE.question)
info = require_dataset(selection, WILL_SHOW)
dataset = dataset_in_use(selection)
pairs, per_user = directions(dataset), events_per_user(dataset)
st.markdown(f"##### {headline(pairs)}")
show_domains(domain_summary(dataset))
if not pairs.empty:
    show_directions(pairs)
bins = events_table(per_user)
few = float((per_user < FEW_EVENTS).mean())
show_figure(
    events_figure(bins),
    title=few_sentence(few),
    note="With few events a user's interests are known only roughly, and movement cannot be told.",
    alt="Bars: number of users by how many events they have.",
    table=bins,
    name="events-per-user",
)
show_activity(info)
