"""The layers of the atlas: titles and people as points with a group, a colour and a hover."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pages.ui.atlas_colours import ColourBy, interests_coloured, people_coloured, titles_coloured
from pages.ui.colouring import Colouring
from pages.ui.map_chart import MapLayer
from pages.ui.phrases import in_chart, shorten
from pages.ui.sampling import stratified_rows
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import INTEREST, ITEM, N_EVENTS, NAME, TITLE, USER, WINDOW, X, Y
from recsys_core.interests.interests import Interests
from recsys_core.interests.projection import InterestMap
from recsys_core.migration.migration import Migration

MOST_POINTS = 50_000
LATEST = "latest"


@dataclass(frozen=True, eq=False)
class Shown:
    """A layer with the row numbers its points stand for (items or users), out of ``total``."""

    layer: MapLayer
    rows: NDArray[np.int64]
    total: int

    def positions(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which points of the layer stand for any of ``rows``."""
        return np.flatnonzero(np.isin(self.rows, rows))


def item_layer(dataset: Dataset, interests: Interests, atlas: InterestMap, level: int, by: str) -> Shown:
    """Every title on the map, or a sample of each interest by its share."""
    items = atlas.items[ITEM].to_numpy()
    held = interests.item_interest[level][items]
    keep = stratified_rows(held, MOST_POINTS)
    items, held = items[keep], held[keep]
    names = interests.table[NAME].to_numpy(object)
    domains = np.asarray(dataset.domains, object)[dataset.item_domain[items]]
    hover = [
        f"<b>{in_chart(shorten(str(title), 70))}</b><br>{in_chart(names[interest])} · {in_chart(domain)}"
        for title, interest, domain in zip(_titles(dataset, items), held, domains, strict=True)
    ]
    if by == ColourBy.INTEREST:
        colouring = interests_coloured(interests, level, held)
    else:
        colouring = titles_coloured(dataset, items, by)
    everywhere = np.arange(len(atlas.items))
    return Shown(_layer(atlas.items, keep, everywhere, colouring, hover), items, len(atlas.items))


def people_layer(
    dataset: Dataset,
    interests: Interests,
    atlas: InterestMap,
    level: int,
    by: str,
    window: str,
    migration: Migration | None,
) -> Shown:
    """Everybody active in ``window`` (id), or everybody where they were last (``LATEST``).

    ``migration``: knows how far people drifted; without it the colour "drift" is grey.
    """
    users = atlas.users.reset_index(drop=True)
    rows = rows_in(users, window)
    held = atlas.user_interest[level][rows]
    keep = stratified_rows(held, MOST_POINTS)
    place, held = rows[keep], held[keep]
    people, in_window = users[USER].to_numpy()[place], users[N_EVENTS].to_numpy()[place]
    names = interests.table[NAME].to_numpy(object)
    hover = [
        f"<b>One person</b>, mainly {in_chart(names[interest])}<br>{n:,} events in {when}"
        for interest, n, when in zip(held, in_window, users[WINDOW].iloc[place], strict=True)
    ]
    n_events = np.diff(dataset.offsets)[people] if window == LATEST else in_window
    if by == ColourBy.INTEREST:
        colouring = interests_coloured(interests, level, held)
    else:
        colouring = people_coloured(dataset, people, n_events, by, migration)
    return Shown(_layer(users, place, rows, colouring, hover), people, len(rows))


def rows_in(users: pd.DataFrame, window: str) -> NDArray[np.int64]:
    """Positions in the map's ``users`` of one window, or of everybody's last one (``LATEST``)."""
    if window == LATEST:
        return np.flatnonzero(~users[USER].duplicated(keep="last"))
    return np.flatnonzero(users[WINDOW] == window)


def by_interest(interests: Interests, atlas: InterestMap, level: int) -> pd.DataFrame:
    """``x``, ``y`` of every title, with ``group`` its interest counted from 0 inside the level."""
    held = interests.item_interest[level][atlas.items[ITEM].to_numpy()]
    first = int(interests.at_level(level)[INTEREST].iloc[0])
    return atlas.items[[X, Y]].assign(group=held - first)


def people_by_interest(interests: Interests, atlas: InterestMap, level: int) -> pd.DataFrame:
    """``x``, ``y`` of everybody in every window, with ``group`` their main interest, counted likewise."""
    first = int(interests.at_level(level)[INTEREST].iloc[0])
    return atlas.users[[X, Y]].assign(group=atlas.user_interest[level] - first)


def places_of(dataset: Dataset, atlas: InterestMap, items: NDArray[np.int64]) -> pd.DataFrame:
    """``x``, ``y``, ``hover`` of those ``items`` that are on the map."""
    on_map = atlas.items[atlas.items[ITEM].isin(items)]
    titles = _titles(dataset, on_map[ITEM].to_numpy())
    return on_map[[X, Y]].assign(hover=[f"<b>{in_chart(shorten(title, 70))}</b>" for title in titles])


def people_places(
    names: NDArray[np.object_], atlas: InterestMap, users: NDArray[np.int64], window: str
) -> pd.DataFrame:
    """``x``, ``y``, ``hover`` of those ``users`` that are on the map in ``window``; ``names``: (U,)."""
    seen = atlas.users.iloc[rows_in(atlas.users, window)]
    there = seen[seen[USER].isin(users)]
    hover = [f"<b>{in_chart(shorten(str(names[row]), 70))}</b>" for row in there[USER]]
    return there[[X, Y]].assign(hover=hover)


def _layer(
    positions: pd.DataFrame,
    keep: NDArray[np.int64],
    out_of: NDArray[np.int64],
    colouring: Colouring,
    hover: list[str],
) -> MapLayer:
    if colouring.told:
        hover = [f"{text}<br>{in_chart(told)}" for text, told in zip(hover, colouring.told, strict=True)]
    xy = positions[[X, Y]].to_numpy(np.float32)
    points = pd.DataFrame(
        {X: xy[keep, 0], Y: xy[keep, 1], "value": colouring.values, "hover": hover},
    )
    everything = xy[out_of] if len(out_of) > len(keep) else None
    return MapLayer(points, colouring.colours, colouring.legend, colouring.bar, everything)


def _titles(dataset: Dataset, items: NDArray[np.int64]) -> NDArray[np.object_]:
    titles = dataset.items[TITLE].to_numpy(object)[items]
    ids = dataset.items["item_id"].to_numpy(object)[items]
    return np.where(titles == "", ids, titles)
