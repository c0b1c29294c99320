"""The way over the map: where one user, or the mean of a cohort, was in each window."""

from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from pages.ui.atlas_layers import by_interest
from pages.ui.colours import ink
from pages.ui.figures import show_figure
from pages.ui.journey_look import Look
from pages.ui.map_chart import Frame, MapLayer, draw_layer, frame_of
from pages.ui.map_names import NAME_OF_INTEREST, add_names, centres, thin_names
from pages.ui.phrases import called, count, in_chart, percent
from pages.ui.sampling import stratified_rows
from recsys_core.columns import INTEREST, N_EVENTS, N_USERS, SHARE, USER, WINDOW, X, Y
from recsys_core.interests.people_shown import MOST_PEOPLE
from recsys_core.interests.projection import InterestMap
from recsys_core.privacy import SMALLEST_GROUP

MOST_TITLES: Final = 20_000
NO_PLACE: Final = (
    "This user has no place on the map: none of their titles has a text, or the map shows a random sample, "
    f"as it does of more than {count(MOST_PEOPLE)} people."
)
_SHORTEST: Final = 0.008  # of the picture: a shorter step is no arrow


def user_path(atlas: InterestMap, user: int, level: int) -> pd.DataFrame:
    """``window``, ``x``, ``y``, ``interest`` (the main one), ``n_events``, oldest first."""
    rows = np.flatnonzero(atlas.users[USER] == user)
    path = atlas.users.iloc[rows][[WINDOW, X, Y, N_EVENTS]]
    return path.assign(**{INTEREST: atlas.user_interest[level][rows]}).reset_index(drop=True)


def mean_path(atlas: InterestMap, users: NDArray[np.int64], level: int) -> pd.DataFrame:
    """``window``, ``x``, ``y`` (means over the people active in it), ``interest`` (the main one of most of
    them), ``share`` (the fraction of them it is of), ``n_users``; windows with fewer than 10 are left out.
    """
    rows = np.flatnonzero(atlas.users[USER].isin(users))
    seen = atlas.users.iloc[rows][[WINDOW, X, Y]].assign(**{INTEREST: atlas.user_interest[level][rows]})
    groups = seen.groupby(WINDOW, sort=True)
    path = groups[[X, Y]].mean().assign(**{N_USERS: groups.size()})
    most = groups[INTEREST].value_counts(normalize=True).rename(SHARE).reset_index()
    path = path.join(most.drop_duplicates(WINDOW).set_index(WINDOW))
    return path[path[N_USERS] >= SMALLEST_GROUP].reset_index()


def show_path(path: pd.DataFrame, atlas: InterestMap, look: Look) -> None:
    """The figure; a sentence where there is no place to show. ``path``: of either kind."""
    if path.empty:
        of_several = f"No window on the map has {SMALLEST_GROUP} of these people."
        st.caption(of_several if N_USERS in path else NO_PLACE)
        return
    show_figure(
        path_on_map(path, atlas, look, dark=st.context.theme.type == "dark"),
        title=path_title(path, look),
        note=f"{_WHOSE[N_USERS in path]} Windows are those the map was drawn with; points are titles in the "
        "colours of their interests. The map is flat: it shows which way; how far is measured above.",
        alt=f"Map: the way through {count(len(path))} windows, over the titles",
        table=path_table(path, look),
        name="path",
    )
    thin_names(f"path, level {look.level}")


def path_title(path: pd.DataFrame, look: Look) -> str:
    """From where to where, and how many interests on the way."""
    first, last = path.iloc[0], path.iloc[-1]
    mean = "Their mean, on the map: " if N_USERS in path else "Their way over the map: "
    if len(path) == 1:
        return f"{mean}only in {first[WINDOW]}, in {called(look.names[int(first[INTEREST])])}"
    start, end = (called(look.names[int(row[INTEREST])]) for row in (first, last))
    if start == end:
        return f"{mean}from {first[WINDOW]} to {last[WINDOW]}, mainly {start} at both ends"
    return f"{mean}from {start} in {first[WINDOW]} to {end} in {last[WINDOW]}"


def path_on_map(path: pd.DataFrame, atlas: InterestMap, look: Look, dark: bool) -> go.Figure:
    """The path as arrows from window to window over the titles; the first and the last window are named."""
    titles = by_interest(look.interests, atlas, look.level)
    kept = titles.iloc[stratified_rows(titles["group"].to_numpy(), MOST_TITLES)]
    points = kept.rename(columns={"group": "value"}).assign(hover="")
    frame = frame_of(atlas.items, path)
    colours = tuple(look.interest_colours[i] for i in look.interest_ids)
    figure = draw_layer(MapLayer(points, colours), frame, height=480, faint=True)
    for name, held in path.groupby(INTEREST, sort=False):
        figure.add_scattergl(
            x=held[X],
            y=held[Y],
            mode="markers",
            name=in_chart(look.names[int(name)]),
            text=[_told(row, look) for row in held.to_dict("records")],
            hovertemplate="%{text}<extra></extra>",
            marker={
                "size": 13,
                "color": look.interest_colours[int(name)],
                "line": {"width": 2, "color": ink(dark)},
            },
            showlegend=True,
        )
    figure.update_layout(showlegend=True)
    _add_steps(figure, path, frame, dark)
    _add_ends(figure, path, dark)
    add_names(figure, centres(titles, [look.names[i] for i in look.interest_ids]), frame, dark)
    return figure


def path_table(path: pd.DataFrame, look: Look) -> pd.DataFrame:
    """Windows for reading."""
    table = pd.DataFrame({"Window": path[WINDOW], "Main interest": path[INTEREST].map(look.names)})
    if N_USERS in path:
        table = table.assign(**{"Of its people (%)": 100 * path[SHARE], "People": path[N_USERS]})
    else:
        table = table.assign(Events=path[N_EVENTS])
    return table.assign(**{"Across": path[X], "Up": path[Y]})


_WHOSE: Final = {
    False: "Where this user was in each window.",
    True: "The middle of the places of everybody who was active in each window: people who go separate ways "
    "have a middle where none of them is.",
}


def _told(row: dict[str, object], look: Look) -> str:
    name = in_chart(look.names[int(str(row[INTEREST]))])
    if N_USERS in row:
        people = f"{percent(float(str(row[SHARE])))} of {count(float(str(row[N_USERS])))} people"
        return f"<b>{row[WINDOW]}</b><br>{name}<br>main interest of {people}"
    return f"<b>{row[WINDOW]}</b><br>mainly {name}<br>{count(float(str(row[N_EVENTS])))} events"


def _add_steps(figure: go.Figure, path: pd.DataFrame, frame: Frame, dark: bool) -> None:
    size = np.array([frame[1] - frame[0], frame[3] - frame[2]])
    places = path[[X, Y]].to_numpy(float)
    for start, end in pairwise(places):
        if np.hypot(*((end - start) / size)) < _SHORTEST:
            continue
        figure.add_annotation(
            x=end[0],
            y=end[1],
            ax=start[0],
            ay=start[1],
            axref="x",
            ayref="y",
            text="",
            showarrow=True,
            arrowhead=2,
            arrowwidth=1.5,
            standoff=6,
            startstandoff=6,
            arrowcolor=ink(dark),
            opacity=0.8,
        )


def _add_ends(figure: go.Figure, path: pd.DataFrame, dark: bool) -> None:
    ends = path.iloc[[0, -1]] if len(path) > 1 else path
    for row, shift in zip(ends.to_dict("records"), (20, -20), strict=False):
        figure.add_annotation(
            name=NAME_OF_INTEREST,  # thinned out like those, and written first: it stays
            x=row[X],
            y=row[Y],
            text=f"<b>{row[WINDOW]}</b>",
            showarrow=False,
            yshift=shift,
            font={"size": 12, "color": ink(dark)},
            bgcolor="rgba(20,22,28,0.72)" if dark else "rgba(255,255,255,0.78)",
            borderpad=1,
        )
