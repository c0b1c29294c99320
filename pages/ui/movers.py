"""The movers: who changed most beyond their own chance, with the way to their journey."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from pages.ui.people import choose_user
from pages.ui.people_names import ids_toggle, people_in_use
from pages.ui.phrases import count, p_value, percent
from pages.ui.places import JOURNEY, link
from pages.ui.tables import show_table
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import DRIFT, EXPECTED, FLAGGED, N_EVENTS, Q_VALUE, USER, WINDOW
from recsys_core.migration.drift import FEWEST_EVENTS
from recsys_core.migration.migration import Migration
from recsys_core.migration.mixes import Mixes

MOST: Final = 20
_SAME: Final = 1e-9


def show_movers(migration: Migration, mixes: Mixes, names: Mapping[int, str], dataset: Dataset) -> None:
    """The section of the migration page. ``mixes``: of all domains, over the interests of ``names``."""
    st.markdown(f"### Who changed most?\n{movers_sentence(migration)}")
    movers = strongest_movers(migration)
    if movers.empty:
        return
    called = people_in_use(dataset).names
    show_table(movers_table(movers, migration, mixes, names, called), "movers", export=False)
    st.caption(
        "Left and gained: the interests whose share fell and rose most, before against since. "
        "These are single people, so the list cannot be downloaded."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        user = st.selectbox(
            "Whose journey?",
            [int(row) for row in movers[USER]],
            None,
            format_func=lambda row: str(called[row]),
            key="mover",
            width=260,
            placeholder="Choose one",
        )
        if user is not None:
            choose_user(dataset, "journey", user)
            link(JOURNEY, "See the journey")
    ids_toggle(dataset)


def movers_sentence(migration: Migration) -> str:
    """How many people changed beyond their own chance, and when most did."""
    users = migration.users
    flagged = users[users[FLAGGED].astype(bool)]
    if users.empty:
        return (
            f"Nobody has the {FEWEST_EVENTS} events or more, of more than one kind, that a test of one takes."
        )
    if flagged.empty:
        return f"Of {count(len(users))} people with enough events, nobody changed beyond their own chance."
    when = flagged[WINDOW].mode().iloc[0]
    return (
        f"{count(len(flagged))} of {count(len(users))} people with enough events "
        f"({percent(len(flagged) / len(users))}) changed beyond their own chance"
        f"{f', most of them in {when}' if len(flagged) > 1 else f', in {when}'}."
    )


def strongest_movers(migration: Migration, most: int = MOST) -> pd.DataFrame:
    """Rows of ``Migration.users`` that are flagged, by how far they are beyond their own chance."""
    flagged = migration.users[migration.users[FLAGGED].astype(bool)]
    beyond = (flagged[DRIFT] - flagged[EXPECTED]).sort_values(ascending=False, kind="stable")
    return flagged.loc[beyond.index[:most]]


def movers_table(
    movers: pd.DataFrame,
    migration: Migration,
    mixes: Mixes,
    names: Mapping[int, str],
    called: NDArray[np.object_],
) -> pd.DataFrame:
    """Movers for reading, with the interests that each left and gained; ``called``: (U,) everybody's name."""
    place = {window: i for i, window in enumerate(migration.windows[WINDOW])}
    labels = list(names.values())
    moves = [
        left_and_gained(mixes, int(user), place[window])
        for user, window in zip(movers[USER], movers[WINDOW], strict=True)
    ]
    return pd.DataFrame(
        {
            "Person": called[movers[USER].to_numpy()],
            "Since": movers[WINDOW].to_numpy(),
            "Left": [labels[move[0]] if move else "not at this level" for move in moves],
            "Gained": [labels[move[1]] if move else "not at this level" for move in moves],
            "Change": movers[DRIFT].to_numpy(),
            "By own chance": movers[EXPECTED].to_numpy(),
            "Corrected p": [p_value(q) for q in movers[Q_VALUE]],
            "Events": movers[N_EVENTS].to_numpy(),
        }
    )


def left_and_gained(mixes: Mixes, user: int, window: int) -> tuple[int, int] | None:
    """Columns of ``mixes`` that lost and gained most of this user's events from ``window`` (position) on;
    None where nothing came before it, or both sides are alike.
    """
    rows = np.arange(*np.searchsorted(mixes.user, [user, user + 1]))
    late = mixes.window[rows] >= window
    if late.all() or not late.any():
        return None
    change = _mean(mixes, rows[late]) - _mean(mixes, rows[~late])
    if np.abs(change).max() < _SAME:
        return None
    return int(change.argmin()), int(change.argmax())


def _mean(mixes: Mixes, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.average(mixes.share[rows], axis=0, weights=mixes.n_events[rows])
