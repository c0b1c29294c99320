"""Where there is nothing to transfer, none is claimed: real logs whose people were matched at random."""

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.evaluation.kept import ModelResult
from recsys_core.evaluation.scoring import score_models
from recsys_core.evaluation.splits import Split, cold_user_split, overlap_users
from recsys_core.recommend.registry import BLEND, POPULARITIES
from tests.benchmarks.shop import Floats, shop, table

RUNS = 20
WANTED = 0.95
Rows = NDArray[np.int64]
HEAD = ("matched among", "users", "verdict", "ratio", "difference in NDCG@10", "top 10 shared", "weights")


@dataclass(frozen=True)
class Shown:
    """Remembers the results of every recommender, for their lists."""

    results: dict[str, ModelResult] = field(default_factory=dict)

    def load(self, split_hash: str, name: str, code: str) -> None:
        """Nothing is ever known before."""

    def save(self, split_hash: str, name: str, code: str, result: ModelResult) -> None:
        """Under its name, for one split."""
        self.results[name] = result


def test_no_transfer_is_claimed_where_people_were_matched_at_random(tmp_path: Path) -> None:
    dataset, vectors = shop(tmp_path, "food", "kitchen")
    target = dataset.domain_index("kitchen")
    shared = overlap_users(dataset, target, [dataset.domain_index("food")])
    everybody = np.unique(dataset.user[dataset.event_domain == target])
    rows = []
    for run in range(RUNS):
        among, owners = (("shared", shared), ("everybody", everybody))[run % 2]
        matched = with_other_owners(dataset, target, owners, np.random.default_rng(run), run)
        rows.append((among, *judged(cold_user_split(matched, target, seed=run), vectors)))
        print(*rows[-1], sep="  ", flush=True)
    verdicts = Counter(row[2] for row in rows)
    print(f"\nfood → kitchen, people matched at random, {RUNS} times: {dict(verdicts)}")
    print(table(HEAD, rows))
    assert verdicts["none"] >= WANTED * RUNS


def with_other_owners(
    dataset: Dataset, target: int, owners: Rows, rng: np.random.Generator, run: int
) -> Dataset:
    """The same log with whole histories in ``target`` dealt anew among the users ``owners``, each of whom
    gets one; every other domain, and who has a history in the target, stays.
    """
    owner = np.arange(dataset.n_users)
    owner[owners] = rng.permutation(owners)
    user = np.where(dataset.event_domain == target, owner[dataset.user], dataset.user)
    order = np.lexsort((dataset.time, user))
    return replace(
        dataset,
        version=run + 1,
        user=user[order],
        item=dataset.item[order],
        time=dataset.time[order],
        weight=dataset.weight[order],
    )


def judged(split: Split, vectors: Floats) -> tuple[object, ...]:
    """The verdict without an interest model, and how far the blend's lists are those of popularity."""
    shown = Shown()
    card = score_models([split], vectors, (*POPULARITIES, BLEND), kept=shown)
    verdict = card.verdict
    assert verdict is not None
    difference = card.model(BLEND).compared[verdict.against].differences["ndcg@10"]
    ours, popular = (shown.results[name].lists for name in (BLEND, verdict.against))
    alike = [len(np.intersect1d(a, b)) / len(a) for a, b in zip(ours, popular, strict=True)]
    return (
        card.n_users,
        verdict.transfer,
        f"{verdict.ratio:.3f} ({verdict.low:.3f} to {verdict.high:.3f})",
        f"{difference.mean:+.5f} ({difference.low:+.5f} to {difference.high:+.5f})",
        f"{np.mean(alike):.2f}",
        card.model(BLEND).choices,
    )
