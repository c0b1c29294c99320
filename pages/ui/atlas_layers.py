"""The layers of the atlas: titles and people as points with a group, a colour and a hover."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pages.ui.colours import domain_colours, interest_colours
from pages.ui.map_chart import MapLayer, stratified_rows
from pages.ui.phrases import shorten
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import INTEREST, ITEM, N_EVENTS, NAME, TITLE, USER, WINDOW, X, Y
from recsys_core.interests.interests import Interests
from recsys_core.interests.projection import InterestMap

MOST_POINTS = 50_000
LATEST = "latest"


class ColourBy(StrEnum):
    """What the colour of a title stands for."""

    INTEREST = "interest"
    DOMAIN = "domain"


@dataclass(frozen=True, eq=False)
class Shown:
    """A layer with the row numbers its points stand for (items or users), out of ``total``."""

    layer: MapLayer
    rows: NDArray[np.int64]
    total: int

    def positions(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which points of the layer stand for any of ``rows``."""
        return np.flatnonzero(np.isin(self.rows, rows))


def item_layer(dataset: Dataset, interests: Interests, atlas: InterestMap, level: int, by: ColourBy) -> Shown:
    """Every title on the map, or a sample of each interest by its share."""
    items = atlas.items[ITEM].to_numpy()
    held = interests.item_interest[level][items]
    keep = stratified_rows(held, MOST_POINTS)
    items, held = items[keep], held[keep]
    names = interests.table[NAME].to_numpy(object)
    titles = _titles(dataset, items)
    domains = np.asarray(dataset.domains, object)[dataset.item_domain[items]]
    hover = [
        f"<b>{shorten(_still(title), 70)}</b><br>{_still(names[interest])} · {_still(domain)}"
        for title, interest, domain in zip(titles, held, domains, strict=True)
    ]
    group, colours, legend = _item_groups(dataset, interests, level, by, items, held)
    layer = MapLayer(_points(atlas.items, keep, group, hover), colours, legend)
    return Shown(layer, items, len(atlas.items))


def people_layer(interests: Interests, atlas: InterestMap, level: int, window: str) -> Shown:
    """Everybody active in ``window`` (id), or everybody where they were last (``LATEST``)."""
    users = atlas.users.reset_index(drop=True)
    last = ~users[USER].duplicated(keep="last") if window == LATEST else users[WINDOW] == window
    rows = np.flatnonzero(last)
    held = atlas.user_interest[level][rows]
    keep = stratified_rows(held, MOST_POINTS)
    place, held = rows[keep], held[keep]
    names = interests.table[NAME].to_numpy(object)
    hover = [
        f"<b>One person</b>, mainly {_still(names[interest])}<br>{n:,} events in {when}"
        for interest, n, when in zip(
            held, users[N_EVENTS].iloc[place], users[WINDOW].iloc[place], strict=True
        )
    ]
    colours, offset = _level_colours(interests, level)
    layer = MapLayer(_points(users, place, held - offset, hover), colours)
    return Shown(layer, users[USER].to_numpy()[place], len(rows))


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
    return on_map[[X, Y]].assign(hover=[f"<b>{_still(shorten(title, 70))}</b>" for title in titles])


def _item_groups(
    dataset: Dataset,
    interests: Interests,
    level: int,
    by: ColourBy,
    items: NDArray[np.int64],
    held: NDArray[np.int64],
) -> tuple[NDArray[np.int64], tuple[str, ...], tuple[tuple[str, str], ...]]:
    if by is ColourBy.DOMAIN:
        colours = domain_colours(dataset.domains)
        return dataset.item_domain[items], tuple(colours[d] for d in dataset.domains), tuple(colours.items())
    of_level, offset = _level_colours(interests, level)
    return held - offset, of_level, ()


def _level_colours(interests: Interests, level: int) -> tuple[tuple[str, ...], int]:
    colours, ids = interest_colours(interests), interests.at_level(level)[INTEREST].to_list()
    return tuple(colours[int(i)] for i in ids), int(ids[0])


def _points(
    positions: pd.DataFrame, keep: NDArray[np.int64], group: NDArray[np.int64], hover: list[str]
) -> pd.DataFrame:
    columns = {X: positions[X].to_numpy()[keep], Y: positions[Y].to_numpy()[keep]}
    return pd.DataFrame({**columns, "group": group, "hover": hover})


def _titles(dataset: Dataset, items: NDArray[np.int64]) -> NDArray[np.object_]:
    titles = dataset.items[TITLE].to_numpy(object)[items]
    ids = dataset.items["item_id"].to_numpy(object)[items]
    return np.where(titles == "", ids, titles)


def _still(text: object) -> str:
    """Text that Plotly shows as it is: no tags."""
    return str(text).replace("<", "‹").replace(">", "›")
