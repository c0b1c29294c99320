"""How times are read: unit, order of day and month, time zone; with what was inferred, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final
from zoneinfo import available_timezones

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.alike import Group, some_names
from pages.ui.day_or_month import order_examples, time_values
from pages.ui.phrases import plain
from recsys_core.errors import InputError
from recsys_core.logs.formats import FileInfo
from recsys_core.logs.reading import DateOrder, Reading, TimeUnit
from recsys_core.logs.times import TimeReading, is_ambiguous, read_times

ASSUMED: Final = "UTC (assumed)"
ORDERS: Final = {DateOrder.DAY_FIRST: "Day first", DateOrder.MONTH_FIRST: "Month first"}
UNITS: Final = [unit for unit in TimeUnit if unit is not TimeUnit.AUTO]


@dataclass(frozen=True)
class Timed:
    """``readings``: of each file, by its name. ``open``: whether a question waits for an answer."""

    readings: dict[str, Reading]
    open: bool = False


def choose_times(
    group: Group, infos: Sequence[FileInfo], column: str, asking: DeltaGenerator, choices: DeltaGenerator
) -> Timed:
    """How the times in ``column`` of files that look alike are read. What has to be answered is asked in
    ``asking``; what may be changed stands in ``choices``; what was understood is said here.
    """
    plainly = [replace(info, reading=replace(info.reading, dates=DateOrder.AUTO)) for info in infos]
    unsure = [info for info in plainly if is_ambiguous(time_values(info, column), info.reading)]
    order: DateOrder | None = DateOrder.AUTO
    if unsure:
        with asking:
            order = _ask_order(group, column, unsure)
    if order is None:
        return Timed({info.name: info.reading for info in infos}, open=True)
    with choices:
        chosen = _choose(group, plainly[0], column, order if plainly[0] in unsure else DateOrder.AUTO)
    names = {info.name for info in unsure}
    readings = {
        info.name: replace(chosen, dates=order if info.name in names else _unless(unsure, chosen))
        for info in infos
    }
    st.caption(times_sentence(column, _told(plainly[0], column, readings[plainly[0].name])))
    return Timed(readings)


def _unless(unsure: Sequence[FileInfo], chosen: Reading) -> DateOrder:
    """The order of files that tell it themselves: as chosen, but not as answered for others."""
    return DateOrder.AUTO if unsure else chosen.dates


def _ask_order(group: Group, column: str, unsure: Sequence[FileInfo]) -> DateOrder | None:
    said = group.said.reading.dates if group.said else DateOrder.AUTO
    examples = order_examples(time_values(unsure[0], column))
    orders = list(ORDERS)
    with st.container(border=True):
        answer: DateOrder | None = st.radio(
            f"Which comes first in the dates of {some_names([info.name for info in unsure])}, the day or the "
            "month?",
            orders,
            index=orders.index(said) if said in orders else None,
            format_func=lambda order: ORDERS[order],
            captions=[examples[order] for order in orders],
            key=f"order-{group.key}-{column}",
            persist_state="session",
            help="No date in the first 20,000 rows has a number above 12 that would tell.",
        )
    return answer


def _choose(group: Group, info: FileInfo, column: str, order: DateOrder) -> Reading:
    """Unit, order and zone, each only where it matters; then how the times are read, in a sentence."""
    said = group.said.reading if group.said else Reading()
    reading = replace(info.reading, dates=order, zone="", unit=TimeUnit.AUTO)
    told = _told(info, column, reading)
    unit, zone = st.columns(2)
    if isinstance(told, str) or told.unit.startswith("unix"):
        with unit:
            reading = replace(reading, unit=_choose_unit(group, told, said.unit))
    elif order is DateOrder.AUTO and any(told.unit.endswith(one) for one in ORDERS):
        with unit:
            reading = replace(reading, dates=_choose_order(group, column, told, said.dates))
    told = _told(info, column, reading)
    if isinstance(told, TimeReading) and told.assumed:
        with zone:
            reading = replace(reading, zone=_choose_zone(group, said.zone))
    return reading


def times_sentence(column: str, told: TimeReading | str) -> str:
    """How times are read: "The times in *when* are read as unix seconds."; for Markdown."""
    if isinstance(told, str):
        return plain(told)
    text = f"The times in *{plain(column)}* are read as {plain(_worded(told.unit))}"
    if told.assumed:
        return f"{text}; they name no time zone and are taken for UTC. *How it is read*, above, changes that."
    return f"{text}{f', in the time zone {told.zone}' if told.zone != 'UTC' else ''}."


def _worded(unit: str) -> str:
    return unit.replace("ISO 8601", "dates like 2024-01-31 (ISO 8601)").replace("-first", " first")


def _told(info: FileInfo, column: str, reading: Reading) -> TimeReading | str:
    try:
        return read_times(info.name, column, time_values(info, column), reading)
    except InputError as error:
        return str(error)


def _choose_unit(group: Group, told: TimeReading | str, said: TimeUnit) -> TimeUnit:
    guess = (
        "Guess" if isinstance(told, str) else f"{told.unit.removeprefix('unix ').capitalize()}, as guessed"
    )
    units = [TimeUnit.AUTO, *UNITS]
    chosen: TimeUnit = st.selectbox(
        "Unit of the times",
        units,
        index=units.index(said),
        format_func=lambda unit: guess if unit is TimeUnit.AUTO else unit.value.capitalize(),
        key=f"unit-{group.key}",
        persist_state="session",
        help="Times that are numbers count from 1 January 1970.",
    )
    return chosen


def _choose_order(group: Group, column: str, told: TimeReading, said: DateOrder) -> DateOrder:
    found = next(order for order in ORDERS if told.unit.endswith(order))
    orders = [DateOrder.AUTO, *(order for order in ORDERS if order is not found)]
    chosen: DateOrder = st.selectbox(
        "Day and month",
        orders,
        index=orders.index(said) if said in orders else 0,
        format_func=lambda order: ORDERS.get(order, f"{ORDERS[found]}, as the dates tell"),
        key=f"told-order-{group.key}-{column}",
        persist_state="session",
    )
    return chosen


def _choose_zone(group: Group, said: str) -> str:
    zones = ["", *_zones()]
    chosen: str = st.selectbox(
        "Time zone",
        zones,
        index=zones.index(said) if said in zones else 0,
        format_func=lambda zone: zone or ASSUMED,
        key=f"zone-{group.key}",
        persist_state="session",
        help="The times name no zone. Type to search, e.g. Paris or Tokyo.",
    )
    return chosen


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))
