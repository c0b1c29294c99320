"""The ways of judging, by name."""

from collections.abc import Callable, Mapping
from typing import Final

from recsys_core.catalogue.dataset import Dataset
from recsys_core.errors import InputError
from recsys_core.evaluation.splits import (
    Split,
    cold_item_split,
    cold_user_split,
    leave_one_out_split,
    next_item_split,
)


def _last_item(dataset: Dataset, target: int, seed: int = 0) -> Split:
    del seed  # nothing is drawn
    return leave_one_out_split(dataset, target)


PROTOCOLS: Final[Mapping[str, Callable[..., Split]]] = {
    "cold-user": cold_user_split,
    "cold-item": cold_item_split,
    "next-item": next_item_split,
    "leave-one-out": _last_item,
}
"""The last one only to compare with papers: it learns from events that come after those it asks for."""


def split_by(protocol: str, dataset: Dataset, target: str, seed: int) -> Split:
    """The split of a protocol for the domain named ``target``.

    Raises InputError for a protocol there isn't, NotFoundError for a domain there isn't, and what the
    split raises.
    """
    if protocol not in PROTOCOLS:
        raise InputError(f"There is no protocol {protocol!r}.", f"Choose one of: {', '.join(PROTOCOLS)}.")
    return PROTOCOLS[protocol](dataset, dataset.domain_index(target), seed=seed)
