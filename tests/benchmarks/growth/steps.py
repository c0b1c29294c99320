"""The steps, one a process: ``python -m tests.benchmarks.growth.steps STEP FOLDER``.

Where a step's whole would take too long to be measured (shuffles, people's lists, encoding), a part of it
is, and ``note`` says which.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from recsys_core.access import HOUSE, acting_as
from recsys_core.catalogue.dataset import Dataset
from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.progress import Silent
from recsys_core.randomness import rng_from
from recsys_core.workspace.workspace import Workspace

SHUFFLES, FEW, PEOPLE, TITLES = 10, 2, 2_000, 2_000
Told = dict[str, Any]


@contextmanager
def timed(told: Told) -> Iterator[None]:
    """Seconds on the clock and of the processors, into ``told``."""
    began, used = time.perf_counter(), _cpu()
    yield
    told |= {"seconds": time.perf_counter() - began, "cpu": _cpu() - used}


def import_log(folder: Path, told: Told) -> None:
    """A CSV of events and one of items into a new workspace, numbered."""
    from recsys_core.workspace.imports import import_logs
    from recsys_core.workspace.requests import ImportRequest

    ws = Workspace.open(folder / "workspace")
    request = ImportRequest.of("big", (folder / "log.csv",), items=(folder / "items.csv",))
    with timed(told):
        report = import_logs(ws, request)
    assert report.n_kept == report.n_read
    told["disk_mb"] = _megabytes(report.info.folder)


def open_again(folder: Path, told: Told) -> None:
    """Opening what was imported, with what the coverage page asks of it."""
    ws = Workspace.open(folder / "workspace")
    with timed(told):
        _use(ws.load_dataset("big"))


def encode(folder: Path, told: Told) -> None:
    """A sample of the titles; the cost is per title."""
    from recsys_core.encoder.loading import load_encoder

    encoder, titles = load_encoder(), _dataset(folder).items["text"].tolist()
    texts = titles[:: max(1, len(titles) // TITLES)]
    with timed(told):
        encoder.encode(texts)
    _scale(told, len(titles) / len(texts), f"{len(texts):,} titles, times items")


def interests(folder: Path, told: Told) -> None:
    """Grouping items, resampling and naming."""
    from recsys_core.interests.clusters import default_levels
    from recsys_core.interests.finding import find_interests

    dataset, vectors = _dataset(folder), _vectors(folder)
    with timed(told):
        found = find_interests(dataset, vectors, default_levels(len(vectors)), rng_from(0), Silent())
    parts = found.parts()
    from recsys_core.workspace.files import write_parts

    (folder / "interests").mkdir(exist_ok=True)
    write_parts(folder / "interests", parts)
    told["disk_mb"] = _megabytes(folder / "interests")


def profiles(folder: Path, told: Told) -> None:
    """Where the interest of everybody on the map stood in every quarter."""
    dataset, vectors, found = _dataset(folder), _vectors(folder), _interests(folder)
    with timed(told):
        rows = len(_people(dataset, vectors, found))
    told["note"] = f"{rows:,} users × quarters"


def map_of(folder: Path, told: Told) -> None:
    """The map, profiles included."""
    from recsys_core.interests.drawing import draw_map

    dataset, vectors, found = _dataset(folder), _vectors(folder), _interests(folder)
    with timed(told):
        people = _people(dataset, vectors, found)
        drawn = draw_map(vectors, people, found, rng_from(0), Silent())
    told["note"] = f"{len(drawn.users):,} places of people"


def mixes(folder: Path, told: Told) -> None:
    """Every user's mix in every quarter over the coarsest interests."""
    from recsys_core.migration.mixes import measured_mixes

    dataset, found = _dataset(folder), _interests(folder)
    with timed(told):
        rows = len(measured_mixes(dataset, found, 0, WindowSize.QUARTER).user)
    told["note"] = f"{rows:,} users × quarters"


def flows(folder: Path, told: Told) -> None:
    """Flows between quarters against shuffles, as ``driftmap migrate`` weighs them."""
    from recsys_core.migration.crowd import crowd_of, returning
    from recsys_core.migration.flows import centroid_distances
    from recsys_core.migration.null import one_after_another, weigh_flows

    dataset, found = _dataset(folder), _interests(folder)
    windows = _windows(dataset)
    cost = centroid_distances(found.centroids[: found.levels[0]].astype(np.float64))
    with timed(told):
        crowd, compared = crowd_of(dataset, windows).narrowed(returning), one_after_another(len(windows))
        weigh_flows(crowd, found.item_interest[0], cost, compared, rng_from(0), SHUFFLES, Silent())
    told["note"] = f"{SHUFFLES} shuffles of 300"


def migration(folder: Path, told: Told) -> None:
    """All of ``driftmap migrate``, with few shuffles: what remains besides them."""
    from recsys_core.migration.measuring import measure_migration

    dataset, vectors, found = _dataset(folder), _vectors(folder), _interests(folder)
    with timed(told):
        measure_migration(dataset, found, vectors, 0, WindowSize.QUARTER, rng_from(0), shuffles=FEW)
    told["note"] = f"{FEW} shuffles of 300"


def blend(folder: Path, told: Told) -> None:
    """The default blend of what needs no fine-tuned model, its choices and its final fit."""
    from recsys_core.evaluation.splits import cold_user_split
    from recsys_core.recommend.choosing import prepare_blend

    dataset = _dataset(folder)
    refused = _Refusals()
    with timed(told):
        split = cold_user_split(dataset, dataset.domain_index("films"))
        training, final = _training(split.train, folder), _training(split.final, folder)
        prepare_blend(training, split.validation.answers, final, progress=refused)
    told["note"] = "; ".join(refused.lines)


def lists(folder: Path, told: Told) -> None:
    """Ten items for each of some people by popularity and text ridge; the cost is per person."""
    from recsys_core.recommend.blend import Blend
    from recsys_core.recommend.popularity import RecentPopularity
    from recsys_core.recommend.profile import Profile
    from recsys_core.recommend.recommend import recommend_many
    from recsys_core.recommend.text_ridge import TextRidge

    dataset = _dataset(folder)
    training = _training(dataset, folder)
    fitted = Blend((RecentPopularity(), TextRidge()), (0.5, 0.5)).fit(training, rng_from(0))
    some = np.linspace(0, dataset.n_users - 1, PEOPLE).astype(np.int64)
    people = [Profile.from_history(dataset.history(int(user))) for user in some]
    with timed(told):
        recommend_many(fitted, dataset, training.target, people)
    told["note"] = f"{PEOPLE:,} people; the cost is per person and item"


STEPS: Mapping[str, Callable[[Path, Told], None]] = {
    "import": import_log,
    "open": open_again,
    "encode": encode,
    "interests": interests,
    "profiles": profiles,
    "map": map_of,
    "mixes": mixes,
    "flows": flows,
    "migration": migration,
    "blend": blend,
    "lists": lists,
}


class _Refusals(Silent):
    """Keeps what was left out, and why."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def log(self, line: str) -> None:
        self.lines.append(line.split(" would take ", maxsplit=1)[0].removeprefix("Left out: Fitting "))


def _use(dataset: Dataset) -> None:
    assert dataset.offsets[-1] == dataset.n_events


def _dataset(folder: Path) -> Dataset:
    return Workspace.open(folder / "workspace").load_dataset("big")


def _vectors(folder: Path) -> Any:
    return np.load(folder / "vectors.npy", mmap_mode="r")


def _interests(folder: Path) -> Any:
    from recsys_core.interests.interests import Interests
    from recsys_core.workspace.files import read_parts

    return Interests.from_parts(read_parts(folder / "interests"))


def _windows(dataset: Dataset) -> Any:
    return windows_between(int(dataset.time.min()), int(dataset.time.max()), WindowSize.QUARTER)


def _people(dataset: Dataset, vectors: Any, found: Any) -> Any:
    from recsys_core.interests.people_shown import people_on_map
    from recsys_core.interests.profiles import user_window_vectors

    shown = people_on_map(dataset, rng_from(0))
    return user_window_vectors(shown, _windows(dataset), found, vectors)


def _training(dataset: Dataset, folder: Path) -> Any:
    from recsys_core.recommend.recommender import Training

    films = dataset.domain_index("films")
    return Training(dataset, films, _vectors(folder), None, int(dataset.time.max()))


def _scale(told: Told, times: float, note: str) -> None:
    told |= {"seconds": told["seconds"] * times, "cpu": told["cpu"] * times, "note": note}


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _cpu() -> float:
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def main(step: str, folder: str) -> None:
    """Run one step and tell what it took."""
    told: Told = {"disk_mb": 0.0, "note": ""}
    with acting_as(HOUSE):
        STEPS[step](Path(folder), told)
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
