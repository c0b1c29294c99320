"""Who glides over the atlas, and what is drawn of the way people went."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from pages.ui.atlas_view import View
from pages.ui.atlas_words import arrows_in_words, trails_in_words
from pages.ui.colours import ink, interest_colours
from pages.ui.map_chart import Frame
from pages.ui.map_motion import MOST_TRAILS, add_arrows, add_trails, draw_motion, most_gliding
from pages.ui.sampling import spread_rows, stratified_rows
from recsys_core.columns import INTEREST, USER, WINDOW
from recsys_core.interests.interests import Interests
from recsys_core.interests.movement import mean_movement, people_paths
from recsys_core.interests.projection import InterestMap


def movers(atlas: InterestMap, level: int) -> tuple[NDArray[np.int64], int]:
    """A sample of the people seen in more than one window, as user rows, and how many there are."""
    users = atlas.users[USER]
    last = np.flatnonzero((users.duplicated(keep="first") & ~users.duplicated(keep="last")).to_numpy())
    held = atlas.user_interest[level][last]
    kept = stratified_rows(held, most_gliding(atlas.users[WINDOW].nunique()))
    return users.to_numpy()[last[kept]], len(last)


def motion_figure(
    interests: Interests,
    atlas: InterestMap,
    level: int,
    sample: NDArray[np.int64],
    chosen: NDArray[np.int64] | None,
    frame: Frame,
) -> tuple[go.Figure, NDArray[np.int64]]:
    """The animation of a ``sample`` and of everybody ``chosen`` (user rows), and the users it draws."""
    most = most_gliding(atlas.users[WINDOW].nunique())
    also = np.empty(0, np.int64) if chosen is None else spread_rows(np.setdiff1d(chosen, sample), most)
    some = np.union1d(spread_rows(sample, most - len(also)), also)
    paths = people_paths(atlas, level, some)
    ids = interests.at_level(level)[INTEREST].to_list()
    colours = interest_colours(interests)
    picked = None if chosen is None else np.flatnonzero(np.isin(paths.users, chosen))
    groups = np.maximum(paths.interest - int(ids[0]), 0)
    return draw_motion(paths, groups, [colours[int(i)] for i in ids], frame, selected=picked), paths.users


def add_ways(
    figure: go.Figure,
    interests: Interests,
    atlas: InterestMap,
    view: View,
    chosen: NDArray[np.int64] | None,
    frame: Frame,
    dark: bool,
) -> str:
    """Draw the trails of the people chosen, and arrows where asked for; what was drawn, in words."""
    told: list[str] = []
    if chosen is not None:
        paths = people_paths(atlas, view.level, spread_rows(chosen, MOST_TRAILS))
        add_trails(figure, paths, ink(dark))
        told.append(trails_in_words(len(paths.users), len(chosen)))
    if view.arrows:
        window = view.window if view.window in set(atlas.users[WINDOW]) else None
        moved = mean_movement(atlas, view.level, window, chosen)
        add_arrows(figure, moved, interest_colours(interests), frame, dark)
        told.append(arrows_in_words(view, chosen is not None, len(moved)))
    return " ".join(told)
