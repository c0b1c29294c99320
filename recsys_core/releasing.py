"""Publishing with differential privacy: found again where it was published before, else charged and made."""

from dataclasses import replace

from filelock import FileLock

from recsys_core import __version__
from recsys_core.access import Role
from recsys_core.catalogue.dataset import Dataset
from recsys_core.errors import NotFoundError
from recsys_core.interests.interests import Interests
from recsys_core.progress import Progress, Silent
from recsys_core.randomness import rng_from
from recsys_core.release.noise import require_noise
from recsys_core.release.release import Release, make_release
from recsys_core.release.statement import FROM_MODEL, FROM_TITLES
from recsys_core.release.terms import Terms
from recsys_core.steps import interest_vectors
from recsys_core.workspace.gate import changes
from recsys_core.workspace.naming import load_interests
from recsys_core.workspace.recording import run_for
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.releases import RELEASE, charge, check_budget, load_release
from recsys_core.workspace.workspace import Workspace


@changes(Role.ANALYST, "publish with differential privacy", on=("dataset", "run"), detail="terms.epsilon")
def release(
    ws: Workspace,
    dataset: str,
    terms: Terms,
    run: str | None = None,
    version: int | None = None,
    progress: Progress | None = None,
) -> Release:
    """Shares and flows of interests that may be published, with noise that hides any one person.

    ``run``: take the interests found with this model, which learned from people, so that ε does not cover
    which titles belong together; None: those found from the titles alone. What was published before on the
    same terms is given back as it was, at no cost. Else its ε is charged, which is never given back.

    Raises NotFoundError, and InputError where ε is not left or OpenDP is not installed.
    """
    progress = progress or Silent()
    require_noise()
    info = ws.dataset(dataset, version)
    data = ws.load_dataset(dataset, info.version)
    found = _interests(ws, data, run, progress)
    found.at_level(terms.level)
    key = terms.key(found)
    with FileLock(ws.root / "locks" / f"release-{info.name}.lock"):
        made = load_release(ws, dataset, info.version, run, key)
        if made is None:
            made = _published(ws, info, data, found, terms, run, key, progress)
    return made


def _published(
    ws: Workspace,
    info: DatasetInfo,
    data: Dataset,
    found: Interests,
    terms: Terms,
    run: str | None,
    key: str,
    progress: Progress,
) -> Release:
    check_budget(ws, info, terms.thousandths)
    progress.stage("Counting, and adding noise")
    progress.check_cancelled()
    charge(ws, info, run, key, terms.thousandths)
    made = make_release(data, found, terms, info.created, FROM_MODEL if run else FROM_TITLES)
    facts = {"dataset": info.name, "version": info.version, "data_hash": info.hash, "run": run}
    made = replace(made, document={**facts, **made.document, "driftmap": __version__})
    ws.save_result(RELEASE, info.name, info.version, run, made.parts(), key)
    return made


def _interests(ws: Workspace, data: Dataset, run: str | None, progress: Progress) -> Interests:
    """Those of a run, or of the titles alone, which are found now if not before."""
    from recsys_core.interests.clusters import default_levels
    from recsys_core.interests.finding import find_interests

    used = run_for(ws, data.name, data.version, run) if run else None
    found = load_interests(ws, data.name, data.version, run)
    if found is not None:
        return found
    if used is not None:
        raise NotFoundError(
            f"No interests were found with {used.name} yet.",
            f"Find them first: driftmap interests --dataset {data.name} --run {used.id}.",
        )
    progress.stage("Reading item texts")
    vectors, _ = interest_vectors(ws, data, None, progress)
    levels = default_levels(int((vectors != 0).any(axis=1).sum()))
    found = find_interests(data, vectors, levels, rng_from(0, "interests", data.name), progress)
    ws.save_result("interests", data.name, data.version, None, found.parts())
    return found
