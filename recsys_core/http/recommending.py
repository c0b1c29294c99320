"""``GET /api/recommendations``: ranked items with reasons for one person."""

from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from recsys_core import pipeline
from recsys_core.columns import ITEM_ID
from recsys_core.errors import NotFoundError
from recsys_core.http.home import home
from recsys_core.http.prepared import Key
from recsys_core.http.query import Query
from recsys_core.http.service import Service
from recsys_core.recommend.registry import BLEND
from recsys_core.recommend.transfer import Verdict, is_gated
from recsys_core.workspace.recording import run_for
from recsys_core.workspace.records import ANY, DatasetInfo, RunInfo
from recsys_core.workspace.workspace import Workspace

if TYPE_CHECKING:
    from recsys_core.catalogue.dataset import Dataset
    from recsys_core.recommend.cold_start import ColdStart
    from recsys_core.recommend.profile import Profile
    from recsys_core.recommend.recommendation import Reason, Recommendation

PROTOCOL: Final = "cold-user"
POPULAR: Final = "recent-popularity"
MOST_REASONS: Final = 10


@dataclass(frozen=True)
class Asked:
    """A query beside what it means in the workspace. ``verdict``: None where transfer was not tested."""

    ws: Workspace
    query: Query
    info: DatasetInfo
    run: RunInfo | None
    verdict: Verdict | None

    @property
    def key(self) -> Key:
        """By what its recommender is kept."""
        run = self.run.id if self.run else None
        return Key(self.ws.root, self.info.name, self.info.version, self.query.domain, run)

    def prepare(self) -> "ColdStart":
        """Its recommender, fitted, which takes seconds."""
        key = self.key
        return pipeline.prepare_recommender(self.ws, key.dataset, key.domain, key.run, key.version)


async def recommendations(request: Request, service: Service) -> Response:
    """The list, from a recommender that is kept, or from one that is prepared now."""
    asked = await service.threads.run(look_up, Query.read(request.query_params.multi_items()))
    ready = await service.prepared.get(asked.key, lambda: _prepare(asked, service))
    return JSONResponse(await service.threads.run(answer, asked, ready))


def look_up(query: Query) -> Asked:
    """What the query means. Raises NotFoundError, and InputError for a run that cannot be used."""
    ws = home()
    info = ws.dataset(query.dataset, query.version)
    if query.domain not in info.domains:
        raise NotFoundError(
            f"There is no domain {query.domain!r} in {info.name!r}.", f"It has: {', '.join(info.domains)}."
        )
    run = run_for(ws, info.name, info.version, query.run)
    return Asked(ws, query, info, run, _verdict(ws, info, query.domain))


def answer(asked: Asked, ready: "ColdStart") -> dict[str, Any]:
    """The document of a list. Raises NotFoundError for a user or an item that is not in the log, InputError
    for a text that cannot be read.
    """
    profile, query, info = _profile(ready, asked.query), asked.query, asked.info
    name = POPULAR if is_gated(asked.verdict, profile) else BLEND
    shown = ready.list_of(name, profile, query.k)
    return {
        "who": query.who,
        "dataset": info.name,
        "version": info.version,
        "data_hash": info.hash,
        "domain": query.domain,
        "run": asked.run.id if asked.run else None,
        "recommender": name,
        "transfer": asdict(asked.verdict) if asked.verdict else None,
        "note": ready.note_about(profile) or shown.note,
        "recommendations": _rows(ready.dataset, shown),
    }


def _prepare(asked: Asked, service: Service) -> "ColdStart":
    """Recommenders of versions that are gone, maybe since a person was to be forgotten, go first."""
    there = {info.version for info in asked.ws.versions(asked.info.name)}
    of = (asked.ws.root, asked.info.name)
    service.prepared.drop(lambda key: (key.root, key.dataset) == of and key.version not in there)
    return asked.prepare()


def _profile(ready: "ColdStart", query: Query) -> "Profile":
    if query.user is not None:
        return ready.profile_for_user(query.user)
    if query.items:
        return ready.profile_for_picks([ready.item_row(item) for item in query.items])
    return ready.profile_for_text(query.text or "")


def _rows(dataset: "Dataset", shown: "Recommendation") -> list[dict[str, Any]]:
    ids = dataset.items[ITEM_ID].to_numpy()
    return [
        {
            "rank": rank,
            "item_id": ids[item],
            "title": str(dataset.labels[item]),
            "score": score,
            "reasons": [_reason(ids, reason) for reason in reasons[:MOST_REASONS]],
            "other_reasons": sum(reason.amount for reason in reasons[MOST_REASONS:]),
        }
        for rank, item, score, reasons in shown.ranked()
    ]


def _reason(ids: Any, reason: "Reason") -> dict[str, Any]:
    item = None if reason.item is None else ids[reason.item]
    return {"label": reason.label, "item_id": item, "share": reason.share, "amount": reason.amount}


def _verdict(ws: Workspace, info: DatasetInfo, domain: str) -> Verdict | None:
    found = ws.result_info("scorecard", info.name, info.version, ANY, f"{PROTOCOL}:{domain}")
    if found is None or found.stale:
        return None
    return _kept_verdict(ws, info.name, info.version, domain, found.folder)


@lru_cache(maxsize=64)
def _kept_verdict(ws: Workspace, dataset: str, version: int, domain: str, folder: Path) -> Verdict | None:
    """``folder``: of the scorecard, a new one with every evaluation."""
    del folder
    card = pipeline.load_scorecard(ws, dataset, version, PROTOCOL, domain)
    return card.verdict if card else None
