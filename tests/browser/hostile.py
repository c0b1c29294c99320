"""A workspace in which everything that people or logs can name tries to take over the page that shows it."""

from dataclasses import replace

import pandas as pd

from recsys_core.jobs.failures import Failure
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.processes import process_id
from recsys_core.jobs.record import JobRecord
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace
from tests.pages.found import interest_map, interests, map_points, migration, scorecard

HOST = "evil.example"
DOMAIN = f"www.{HOST}"
"""A name that a domain may have, and that Markdown makes a link of."""

TAGS = f'<img src="https://{HOST}/a.png" onerror="window.hit=1">'
TITLES = (
    TAGS,
    f'<script>window.hit=1</script><a href="https://{HOST}">here</a><b>bold</b>',
    f"[here](https://{HOST}) ![x](https://{HOST}/b.png)",
    f"https://{HOST}/path {DOMAIN} spam@{HOST}",
    "$x^2$ :smile: :material/home: :red[red] -> **bold** _it_",
    f'=HYPERLINK("https://{HOST}";"x")',
    "1. one \u202egnp.exe\x07",
    "%{x} &lt;b&gt; &amp;amp; <b>bold</b>",
    "long " * 800,
)
ITEMS = [*(f"f{i}" for i in range(5)), *(f"k{i}" for i in range(4))]


def save_hostile(ws: Workspace) -> DatasetInfo:
    """A dataset with everything found in it, one with two models, and a job that failed."""
    info = ws.save_dataset(DOMAIN, _log(), _items(), {"sources": [{"file": f"{TAGS}.csv", "sha256": "ab"}]})
    where = (info.name, info.version, None)
    found = interests()
    named = found.renamed([f"{name} {i}" for i, name in enumerate(TITLES[:5])])
    moved = migration()
    card = replace(scorecard(), target=DOMAIN, slices=_sliced(scorecard().slices))
    ws.save_result("interests", *where, named.parts())
    ws.save_result("map", *where, interest_map().parts())
    ws.save_result("map-points", *where, map_points().parts())
    shares = moved.shares.replace({"domain": {"kitchen": DOMAIN}})
    ws.save_result("migration", *where, replace(moved, shares=shares).parts(), "month-0")
    ws.save_result("migration", *where, replace(moved, shares=shares).parts(), "quarter-0")
    ws.save_result("scorecard", *where, card.parts(), f"cold-user:{DOMAIN}")
    _save_models(ws)
    _fail_a_job(ws)
    return info


def _log() -> pd.DataFrame:
    rows = []
    for user in range(60):
        name = f"{TITLES[user % 8]} {user:02}"
        rows += [(name, ITEMS[(user + n) % 5], "food", f"2024-0{n}-10T12:00:00Z") for n in range(1, 4)]
        if user < 55:
            rows.append((name, ITEMS[5 + user % 4], DOMAIN, "2024-03-11T12:00:00Z"))
    log = pd.DataFrame(rows, columns=["user_id", "item_id", "domain", "timestamp"])
    log["timestamp"] = pd.to_datetime(log["timestamp"], utc=True)
    return log.assign(event=TAGS, weight=pd.Series(1.0, index=log.index, dtype="float32"))


def _items() -> pd.DataFrame:
    domains = ["food"] * 5 + [DOMAIN] * 4
    table = pd.DataFrame({"item_id": ITEMS, "domain": domains, "title": TITLES, "text": TITLES})
    return table.assign(text=table["text"].str.slice(0, 4000), **{f"<b>{TAGS}</b>": TITLES[1]})


def _sliced(slices: pd.DataFrame) -> pd.DataFrame:
    return slices.assign(group=[f"{TITLES[n]} {group}" for n, group in enumerate(slices["group"])])


def _save_models(ws: Workspace) -> None:
    ws.save_dataset("models", _log(), _items(), {})
    scores = {"validation_ndcg@10": 0.05, "validation_low": 0.04, "validation_high": 0.06}
    for name in (TITLES[2], f'<a href="https://{HOST}">run</a>'):
        run = ws.finish_run(ws.new_run("models", 1, {"mode": "head"}).id, {**scores, "validation_users": 99})
        ws.rename_run(run.id, name[:64])
    broken = ws.new_run("models", 1, {"mode": "full", "encoder": TAGS})
    ws.finish_run(broken.id, {"error": TITLES[3], "remedy": TITLES[4]}, "failed")


def _fail_a_job(ws: Workspace) -> None:
    job = Ledger(ws).submit("import", {}, TITLES[2], DOMAIN)
    record = JobRecord(ws, job.id)
    record.attach(process_id())
    record.claim(process_id())
    record.write({"message": TITLES[1]}, [])
    record.fail(Failure(TITLES[3], TITLES[4]))
