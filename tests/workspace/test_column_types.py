import math
from datetime import UTC, datetime, timedelta, timezone

import pytest

from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.column_types import UtcDateTime
from recsys_core.workspace.feedback import feedback_of, keep_feedback
from recsys_core.workspace.runs import RunStore
from recsys_core.workspace.workspace import Workspace


def test_a_document_comes_back_as_it_was(ws: Workspace) -> None:
    store = RunStore(ws.root, ws.engine)
    options = {"names": ["茶", "a\0b", "\udcff"], "none": None, "deep": {"n": 2**40}}
    run = store.new("shop", 1, options)
    assert store.get(run.id).options == options
    ws.finish_run(run.id, {"ndcg": math.nan})
    assert math.isnan(ws.run(run.id).metrics["ndcg"])


def test_what_no_database_keeps_is_replaced(ws: Workspace) -> None:
    job = Ledger(ws).submit("count", {"file": "a\0b"}, "Count a\0b and \udcff")
    assert (job.title, job.params) == ("Count a\N{REPLACEMENT CHARACTER}b and ?", {"file": "a\0b"})
    keep_feedback(ws, "shop", "ann", "tea", "x\0", likes=True)
    assert feedback_of(ws, "shop")["item_id"].tolist() == ["x\N{REPLACEMENT CHARACTER}"]


def test_a_moment_comes_back_in_utc(ws: Workspace) -> None:
    before = datetime.now(UTC)
    keep_feedback(ws, "shop", "ann", "tea", "x", likes=True)
    [moment] = feedback_of(ws, "shop")["timestamp"]
    assert before <= moment <= datetime.now(UTC)


def test_a_moment_goes_in_as_utc_and_never_without_a_zone(ws: Workspace) -> None:
    kind, dialect = UtcDateTime(), ws.engine.dialect
    paris = datetime(2024, 6, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert kind.process_bind_param(paris, dialect) == datetime(2024, 6, 1, 10)
    with pytest.raises(ValueError, match="has no time zone"):
        kind.process_bind_param(datetime(2024, 6, 1), dialect)


def test_a_count_may_pass_two_to_the_31(ws: Workspace) -> None:
    from sqlalchemy import insert, select

    from recsys_core.workspace.database import reading, writing
    from recsys_core.workspace.tables import DatasetRow

    row = {"name": "big", "version": 1, "n_users": 3 * 10**9, "n_items": 1, "n_events": 9 * 10**9}
    moment = datetime(2024, 6, 1, tzinfo=UTC)
    rest = {"domains": ["tea"], "first": moment, "last": moment, "hash": "", "folder": "", "manifest": {}}
    with writing(ws.engine) as session:
        session.execute(insert(DatasetRow), {**row, **rest})
    with reading(ws.engine) as session:
        assert session.scalar(select(DatasetRow.n_events)) == 9 * 10**9
