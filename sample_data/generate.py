"""Makes the sample again: ``python -m sample_data.generate [FOLDER]``.

The same seed gives the same files byte for byte (for one version of zlib; the text inside is the same
for all), whatever the versions of the libraries Driftmap itself uses: only Python is needed.
"""

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sample_data import DOMAINS, FOLDER
from sample_data.draws import Draws
from sample_data.events import Event, make_events
from sample_data.items import Item, make_items
from sample_data.population import COHORTS, FIRST_DAY, LAST_DAY, Cohort, User, make_users
from sample_data.writing import Theme, read_themes

SEED: Final = "driftmap 1"
_EPOCH: Final = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC)


@dataclass(frozen=True)
class Sample:
    """Everything the files are written from."""

    themes: dict[str, Theme]
    items: list[Item]
    users: list[User]
    events: list[Event]


def make_sample(seed: str = SEED) -> Sample:
    """The whole sample in memory."""
    draws, themes = Draws(seed), read_themes()
    items = make_items(themes, draws.child("items"))
    users = make_users(themes, draws.child("users"))
    return Sample(themes, items, users, make_events(users, items, draws.child("events")))


def write_sample(sample: Sample, folder: Path) -> list[Path]:
    """Writes the logs, the items and the truth into the folder; returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    cold = {user.user_id: user.cold_in for user in sample.users}
    paths = []
    for domain in DOMAINS:
        log = [event for event in sample.events if event.domain == domain and cold[event.user_id] != domain]
        rows = [(event.user_id, event.item_id, _moment(event.second)) for event in log]
        paths.append(_write_csv(folder / f"{domain}.csv.gz", ("user_id", "item_id", "timestamp"), rows))
        paths.append(_write_items(folder / f"{domain}_items.csv.gz", sample.items, domain))
    truth = json.dumps(truth_of(sample), indent=1, ensure_ascii=False) + "\n"
    (folder / "truth.json").write_text(truth, encoding="utf-8", newline="\n")
    return [*paths, folder / "truth.json"]


def truth_of(sample: Sample) -> dict[str, Any]:
    """What was planted, in the form that ``README.md`` describes."""
    return {
        "seed": SEED,
        "first_day": FIRST_DAY.isoformat(),
        "last_day": LAST_DAY.isoformat(),
        "themes": {key: {"name": t.name, "domains": list(t.domains)} for key, t in sample.themes.items()},
        "cohorts": [_cohort_truth(cohort, sample.users) for cohort in COHORTS],
        "cold_users": [_cold_truth(user, sample.events) for user in sample.users if user.cold_in],
        "item_themes": {
            domain: {item.item_id: item.theme for item in sample.items if item.domain == domain}
            for domain in DOMAINS
        },
    }


def _cohort_truth(cohort: Cohort, users: list[User]) -> dict[str, Any]:
    return {
        "name": cohort.name,
        "kind": cohort.kind,
        "month": cohort.month,
        "from": dict(zip(("domain", "theme"), cohort.source, strict=True)),
        "to": dict(zip(("domain", "theme"), cohort.target, strict=True)),
        "users": [user.user_id for user in users if user.cohort == cohort.name],
    }


def _cold_truth(user: User, events: list[Event]) -> dict[str, Any]:
    held_out = [e.item_id for e in events if e.user_id == user.user_id and e.domain == user.cold_in]
    return {"user_id": user.user_id, "cold_in": user.cold_in, "theme": user.theme, "held_out": held_out}


def _write_items(path: Path, items: list[Item], domain: str) -> Path:
    rows = [
        (item.item_id, item.title, item.description, item.creator, _day(item.released))
        for item in items
        if item.domain == domain
    ]
    return _write_csv(path, ("item_id", "title", "description", "creator", "released"), rows)


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_bytes(gzip.compress(text.getvalue().encode("utf-8"), compresslevel=9, mtime=0))
    return path


def _moment(second: int) -> str:
    return (_EPOCH + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(released: int) -> str:
    return date.fromordinal(FIRST_DAY.toordinal() + released).isoformat()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for written in write_sample(make_sample(), target):
        sys.stdout.write(f"{written}  {written.stat().st_size:,} bytes\n")
