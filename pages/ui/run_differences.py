"""In what two runs differ: their settings, and what they got."""

from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd

from pages.ui.phrases import count, listed, plain, shorten
from pages.ui.run_table import MODE_WORDS, judged_on, took
from pages.ui.run_words import DEFAULT_EPOCHS, PRIMARY, encoder_of, interval_of, score_of, times_read
from recsys_core.recommend.paired import Interval
from recsys_core.workspace.judged import judged_alike
from recsys_core.workspace.records import RunInfo

UNKNOWN: Final = "not recorded"
LONGEST: Final = 28
MEASURES: Final[Mapping[str, str]] = {
    PRIMARY: "Score (NDCG@10)",
    "recall@10": "Recall@10",
    "hit@10": "Hit@10",
    "mrr@10": "MRR@10",
}
MEASURES_NOTE: Final = (
    "Of the first ten shown: recall is the fraction of what people really took that is among them, hit the "
    "fraction of people with at least one, MRR one over the place of the first. Higher is better."
)


def _option(name: str) -> Callable[[RunInfo], str]:
    return lambda run: str(run.options[name])[:12] if run.options.get(name) not in (None, "") else UNKNOWN


SETTINGS: Final[Mapping[str, Callable[[RunInfo], str]]] = {
    "How much learns": lambda run: MODE_WORDS.get(str(run.options.get("mode")), UNKNOWN),
    "Epochs at most": lambda run: str(run.options.get("epochs") or DEFAULT_EPOCHS),
    "Catalogue read first": times_read,
    "Seed": lambda run: str(run.options.get("seed", 0)),
    "Language model": encoder_of,
    "Weights of the language model": _option("fingerprint"),
    "Data version": lambda run: str(run.version),
    "Held-out users (split)": _option("split_hash"),
    "Driftmap version": _option("code_version"),
    "Device": lambda run: str(run.metrics.get("device") or UNKNOWN),
}
"""What a run was made with, by the words people read; a seed or a version also settles the test users."""

HASHES: Final = ("Weights of the language model", "Held-out users (split)")


def column_names(one: RunInfo, other: RunInfo, names: Mapping[str, str]) -> dict[str, str]:
    """The names of two runs, short enough for the heads of a table and still different."""
    ours, theirs = (shorten(names[run.id], LONGEST) for run in (one, other))
    return {one.id: ours, other.id: theirs if theirs != ours else names[other.id]}


def setting_differences(one: RunInfo, other: RunInfo, names: Mapping[str, str]) -> pd.DataFrame:
    """Columns "Setting" and the two names; a row per setting that differs."""
    values = {setting: (value(one), value(other)) for setting, value in SETTINGS.items()}
    rows = [(setting, *pair) for setting, pair in values.items() if pair[0] != pair[1]]
    return pd.DataFrame(rows, columns=["Setting", names[one.id], names[other.id]])


def equal_sentence(one: RunInfo, other: RunInfo) -> str:
    """One line that says which settings are equal."""
    same = [setting for setting, value in SETTINGS.items() if value(one) == value(other) != UNKNOWN]
    if not same:
        return "No setting is known to be equal."
    words = [
        _lower(setting) if setting in HASHES else f"{_lower(setting)} ({SETTINGS[setting](one)})"
        for setting in same
    ]
    return f"Equal: {plain(listed(words))}."


def difference_sentence(one: RunInfo, other: RunInfo, paired: Mapping[str, Interval]) -> str:
    """Which is better, and whether that can be chance. ``paired``: of ``paired_differences``."""
    ours, theirs = (interval_of(run) for run in (one, other))
    if ours is None or theirs is None:
        without = one if ours is None else other
        return f"*{plain(without.name)}* has no score, so only the settings can be compared."
    if one.version != other.version:
        return (
            f"They were judged on different versions of the data ({one.version} and {other.version}), "
            "so their scores cannot be compared."
        )
    if PRIMARY in paired:
        return _paired_sentence(one, other, paired[PRIMARY])
    gap = f"The scores differ by {ours[0] - theirs[0]:+.3f}"
    alone = "the intervals are of each model by itself, and a small difference may be chance."
    if judged_alike(one, other):
        return f"{gap}; they were judged on the same users, but what each one got was not kept: {alone}"
    return (
        f"{gap}, but they were judged on different users, because the seed picks them: {alone} "
        "The same seed makes a fair comparison."
    )


def metric_differences(
    one: RunInfo, other: RunInfo, paired: Mapping[str, Interval], names: Mapping[str, str]
) -> pd.DataFrame:
    """Columns "Measure", the two names and "Difference"; measures that neither has are left out."""
    rows = [
        (words, score_of(one, measure), score_of(other, measure), _gap(one, other, measure, paired))
        for measure, words in MEASURES.items()
        if interval_of(one, measure) or interval_of(other, measure)
    ]
    rows += [
        ("Held-out users", judged_on(one) or UNKNOWN, judged_on(other) or UNKNOWN, ""),
        ("Training took", took(one) or UNKNOWN, took(other) or UNKNOWN, ""),
    ]
    return pd.DataFrame(rows, columns=["Measure", names[one.id], names[other.id], "Difference"])


def _paired_sentence(one: RunInfo, other: RunInfo, apart: Interval) -> str:
    better, worse = (one, other) if apart.mean >= 0 else (other, one)
    low, high = sorted((abs(apart.low), abs(apart.high)))
    who = f"Judged on the same {count(one.metrics.get('validation_users', 0))} users"
    if apart.low <= 0 <= apart.high:
        return (
            f"{who}, the difference is {apart.mean:+.3f} ({apart.low:+.3f} to {apart.high:+.3f}): "
            "it may be chance."
        )
    return (
        f"{who}, *{plain(better.name)}* is better than *{plain(worse.name)}* by {abs(apart.mean):.3f} "
        f"({low:.3f} to {high:.3f}), more than chance explains."
    )


def _gap(one: RunInfo, other: RunInfo, measure: str, paired: Mapping[str, Interval]) -> str:
    ours, theirs = interval_of(one, measure), interval_of(other, measure)
    if ours is None or theirs is None or one.version != other.version:
        return ""
    if measure in paired:
        apart = paired[measure]
        return f"{apart.mean:+.3f} ({apart.low:+.3f} to {apart.high:+.3f})"
    return f"{ours[0] - theirs[0]:+.3f}"


def _lower(setting: str) -> str:
    return setting if setting.startswith("Driftmap") else setting[0].lower() + setting[1:]
