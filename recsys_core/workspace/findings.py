"""What an import noticed, in sentences: how times were read, what is missing, what looks odd."""

import pandas as pd

from recsys_core.columns import N_USERS
from recsys_core.logs.clean_log import CleanLog
from recsys_core.logs.items import CleanItems
from recsys_core.workspace.merging import Merge
from recsys_core.workspace.prepared import PreparedImport
from recsys_core.workspace.requests import Finding


def log_findings(log: CleanLog, prepared: PreparedImport) -> list[Finding]:
    """Of the log files by themselves."""
    found = []
    for file, times in log.times.items():
        zone = f", in the time zone {times.zone}" if times.zone != "UTC" else ""
        found.append(Finding("times", file, 1, f"The times of {file} were read as {times.unit}{zone}."))
        if times.assumed:
            text = (
                f"The times of {file} name no time zone and were taken for UTC; choose another where it is."
            )
            found.append(Finding("no-zone", file, 1, text))
    for one in prepared.logs:
        if one.info.published is not None and one.info.published.note:
            found.append(Finding("format", one.info.name, 1, one.info.published.note))
    if log.n_repeats:
        text = numbered(
            log.n_repeats,
            "row repeated an earlier one and was left out.",
            "rows repeated an earlier one and were left out.",
        )
        found.append(Finding("repeats", "", log.n_repeats, text))
    if log.n_left_out:
        text = numbered(
            log.n_left_out,
            "row was left out by the rules for events.",
            "rows were left out by the rules for events.",
        )
        found.append(Finding("left-out-events", "", log.n_left_out, text))
    if log.n_padded:
        text = numbered(
            log.n_padded,
            "id had space around it, which was removed.",
            "ids had space around them, which was removed.",
        )
        found.append(Finding("padded-ids", "", log.n_padded, text))
    return [*found, *prepared.left_out]


def item_findings(file: str, items: CleanItems) -> list[Finding]:
    """Of one file of items."""
    found = []
    if items.n_malformed:
        first = f"left out, the first at line {items.malformed_line}."
        text = numbered(
            items.n_malformed,
            f"line of {file} is not well-formed and was {first}",
            f"lines of {file} are not well-formed and were {first}",
        )
        found.append(Finding("malformed-items", file, items.n_malformed, text))
    if items.n_bad:
        text = numbered(
            items.n_bad,
            f"row of {file} has no item id and was left out.",
            f"rows of {file} have no item id and were left out.",
        )
        found.append(Finding("items-without-id", file, items.n_bad, text))
    if items.n_repeated:
        text = numbered(
            items.n_repeated,
            f"row of {file} tells of an item again; the first text counts.",
            f"rows of {file} tell of an item again; the first text counts.",
        )
        found.append(Finding("repeated-items", file, items.n_repeated, text))
    if items.n_disagreeing:
        some = ", ".join(repr(item) for item in items.disagreeing)
        text = numbered(
            items.n_disagreeing,
            f"item of {file} has more than one title; the first counts: {some}.",
            f"items of {file} have more than one title; the first counts: {some}.",
        )
        found.append(Finding("disagreeing-items", file, items.n_disagreeing, text))
    return found


def merge_findings(merge: Merge) -> list[Finding]:
    """Of the log by its ids, and beside what the dataset held."""
    found = []
    if merge.n_known:
        text = numbered(
            merge.n_known,
            "row was already in the dataset and was not added again.",
            "rows were already in the dataset and were not added again.",
        )
        found.append(Finding("known", "", merge.n_known, text))
    for what, count in zip(("users", "items"), merge.n_alike(), strict=True):
        if count:
            text = f"{count:,} {what} have ids that differ from another's only in upper and lower case."
            found.append(Finding(f"alike-{what}", "", count, text))
    if len(merge.overlap) and not merge.overlap[N_USERS].any():
        text = (
            "No user appears in more than one domain, so nothing can be learned from one for another. "
            "Check that the logs name the same people by the same ids."
        )
        found.append(Finding("no-overlap", "", 0, text))
    return found


def coverage_findings(merge: Merge, items: pd.DataFrame) -> list[Finding]:
    """Of the log beside ``items``, those of the next version."""
    rows = merge.item_coverage(items).itertuples(index=False, name=None)
    return [finding for domain, *counts in rows for finding in _coverage(domain, *counts)]


def _coverage(domain: str, n_items: int, n_silent: int, n_unused: int) -> list[Finding]:
    found = []
    if n_silent:
        text = f"{n_silent:,} of {n_items:,} items in the log of {domain} have no title or text."
        found.append(Finding("silent-items", domain, n_silent, text))
    if n_unused:
        text = numbered(
            n_unused,
            f"item of {domain} is in no event; it is kept, as an item nobody has touched.",
            f"items of {domain} are in no event; they are kept, as items nobody has touched.",
        )
        found.append(Finding("unused-items", domain, n_unused, text))
    return found


def numbered(count: int, one: str, many: str) -> str:
    """The count and what it counts, of one or of many."""
    return f"{count:,} {one if count == 1 else many}"
