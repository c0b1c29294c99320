"""The parts of the coverage page that show what the log holds."""

import pandas as pd
import streamlit as st

from pages.ui.coverage_charts import (
    MOST_PAIRS,
    events_figure,
    shared_figure,
    tail_figure,
    text_figure,
    users_figure,
)
from pages.ui.coverage_words import once_sentence, per_user_title, tail_title, text_title, users_title
from pages.ui.figures import show_figure
from pages.ui.phrases import listed, plain
from pages.ui.tables import show_table
from recsys_core.catalogue.coverage import ELSEWHERE, ENOUGH_USERS, EVENTS, FEW_USERS, SOURCE, TARGET
from recsys_core.catalogue.long_tail import GINI, TOP
from recsys_core.columns import DOMAIN, N_EVENTS, N_ITEMS, N_USERS, SHARE


def show_domains(domains: pd.DataFrame) -> None:
    """What each domain holds, as a table."""
    st.markdown("#### What each domain holds")
    table = pd.DataFrame(
        {
            "Domain": domains[DOMAIN],
            "Users": domains[N_USERS],
            "Items": domains[N_ITEMS],
            "Events": domains[N_EVENTS],
            "Events per user (median)": domains["per_user"].round().astype(int),
        }
    )
    show_table(table, "domains")


def show_users(domains: pd.DataFrame, pairs: pd.DataFrame) -> None:
    """Users of each domain, and how many any two of them share. There are two domains or more."""
    show_figure(
        users_figure(domains),
        title=users_title(domains),
        note="Users with events; blue are those who can tell what one domain says of another.",
        alt=f"Bars: users of {listed(list(domains[DOMAIN]))}, split by whether they are elsewhere too.",
        table=_users_table(domains),
        name="users-by-domain",
    )
    top = pairs.iloc[0]
    rest = f" The {MOST_PAIRS} largest of {len(pairs)} pairs." if len(pairs) > MOST_PAIRS else ""
    show_figure(
        shared_figure(pairs),
        title=f"{plain(top[SOURCE])} and {plain(top[TARGET])} share the most users",
        note=(
            f"Users with events in both. Under {FEW_USERS} (grey) are too few; from {ENOUGH_USERS} on "
            f"(dotted line) it depends on the width of the interval above.{rest}"
        ),
        alt="Bars: shared users of each pair of domains, most first; a line marks the least that is enough.",
        table=pairs.set_axis(["Domain", "And", "Shared users"], axis=1),
        name="shared-users",
    )


def show_per_user(per_user: pd.DataFrame) -> None:
    """How many events users have."""
    table = pd.DataFrame(
        {
            "Domain": per_user[DOMAIN].replace("", "all domains"),
            "Events, at least": per_user[EVENTS],
            "Users": per_user[N_USERS],
            "Of its users (%)": 100 * per_user[SHARE],
        }
    )
    show_figure(
        events_figure(per_user),
        title=per_user_title(per_user),
        note="With few events a user's interests are known only roughly, and movement cannot be told.",
        alt="Lines: share of users with at least 1, 2, 3, 5, 10, 20, 50 and 100 events, by domain.",
        table=table,
        name="events-per-user",
    )


def show_text(text: pd.DataFrame) -> None:
    """How many items the language model can read."""
    table = pd.DataFrame(
        {
            "Domain": text[DOMAIN],
            "Items": text[N_ITEMS],
            "Items with text": text["with_text"],
            "Items with text (%)": 100 * text["share_items"],
            "Events on items with text (%)": 100 * text["share_events"],
        }
    )
    show_figure(
        text_figure(text),
        title=text_title(text),
        note="An item without text can only be recommended by who took it, not by what it is.",
        alt="Bars: share of items with text, and of events on them, by domain.",
        table=table,
        name="text-coverage",
    )


def show_tail(tail: pd.DataFrame, curve: pd.DataFrame) -> None:
    """How concentrated events are on few items."""
    points = pd.DataFrame(
        {
            "Domain": curve[DOMAIN],
            "First of the items (%)": 100 * curve[TOP].astype(float),
            "Hold of the events (%)": 100 * curve[SHARE].astype(float),
        }
    )
    show_figure(
        tail_figure(curve),
        title=tail_title(tail),
        note=(
            "Items taken at least once, the most taken first. The further a curve bends away from the dotted "
            "line, the more a few items hold, and the harder popularity is to beat."
        ),
        alt="Curves: share of events on the most taken items, by domain; dotted, if all were taken alike.",
        table=points,
        name="long-tail-curve",
    )
    gini = "Gini: 0 if all items are taken alike, near 1 if one is taken alone."
    st.caption(f"{once_sentence(tail)} The table: events on the most taken items. {gini}")
    show_table(_tail_table(tail), "long-tail")


def _users_table(domains: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Domain": domains[DOMAIN],
            "Users": domains[N_USERS],
            "In another domain too": domains[ELSEWHERE],
            "In another domain too (%)": 100 * domains[ELSEWHERE] / domains[N_USERS].clip(lower=1),
        }
    )


def _tail_table(tail: pd.DataFrame) -> pd.DataFrame:
    tops = {f"Top {n} % of items (%)": 100 * tail[f"top_{n}"] for n in (1, 10, 20)}
    return pd.DataFrame(
        {
            "Domain": tail[DOMAIN],
            "Items taken": tail[N_ITEMS],
            **tops,
            "Gini": tail[GINI],
            "Items with one event": tail["once"],
            "Items never taken": tail["never"],
        }
    )
