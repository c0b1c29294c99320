"""What a cohort may turn to next: the mean of its people's own forecasts."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from pages.ui.colours import GREY
from pages.ui.figures import show_figure
from pages.ui.forecast_charts import likely_next
from pages.ui.forecast_words import lacking, trust_in_mixes
from pages.ui.journey_look import Look
from pages.ui.phrases import called, count, percent
from recsys_core.columns import INTEREST, SHARE, USER
from recsys_core.migration.migration import Migration
from recsys_core.privacy import SMALLEST_GROUP

MOST_BARS: Final = 8


def show_cohort_next(migration: Migration | None, users: NDArray[np.int64], look: Look) -> None:
    """The mean of their own forecasts; a sentence where too few of them have one."""
    if migration is None or migration.next_mixes.empty:
        why = "Not foretold yet: measure migration first." if migration is None else lacking(migration)
        st.markdown(f"#### What they may turn to next\n{why}")
        return
    mean, n_users = mean_next(migration.next_mixes, users)
    if n_users < SMALLEST_GROUP:
        why = f"Fewer than {SMALLEST_GROUP} of these people have a forecast, so none is shown."
        st.markdown(f"#### What they may turn to next\n{why}")
        return
    held = [int(i) for i in mean[INTEREST]][:MOST_BARS]
    names, shares = [look.names[i] for i in held], [float(share) for share in mean[SHARE][:MOST_BARS]]
    rest, colours = max(0.0, 1 - sum(shares)), [look.interest_colours[i] for i in held]
    show_figure(
        likely_next([*names, "everything else"], [*shares, rest], [*colours, GREY]),
        title=f"What they may turn to next: on average first {called(names[0])}, {percent(shares[0])}",
        note=f"The mean of the forecasts of {count(n_users)} of them. Of each person the five likeliest "
        f"interests are known; what comes after is part of everything else. {trust_in_mixes(migration)}",
        alt="Bars: the likeliest interests of the next events of these people, on average",
        table=pd.DataFrame(
            {
                "Interest": [*names, "everything else"],
                "Expected share (%)": [100 * share for share in (*shares, rest)],
            }
        ),
        name="cohort-next",
    )


def mean_next(next_mixes: pd.DataFrame, users: NDArray[np.int64]) -> tuple[pd.DataFrame, int]:
    """``interest``, ``share`` of the mean of the forecasts of those ``users`` who have one, the likeliest
    first, and how many they are; interests that not one of them may turn to are left out.
    """
    rows = next_mixes[next_mixes[USER].isin(users)]
    n_users = int(rows[USER].nunique())
    mean = rows.groupby(INTEREST)[SHARE].sum() / max(1, n_users)
    return mean.sort_values(ascending=False, kind="stable").reset_index(), n_users
