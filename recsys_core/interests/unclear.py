"""Items that fit no interest: left unclear instead of being forced into one."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from recsys_core.interests.clusters import Clusters, centred, centroids_of, nested

FEWEST: Final = 200
"""Among fewer items chance is too coarse to tell; each then belongs to its nearest interest."""


def unclear_items(
    vectors: NDArray[np.float32], clusters: Clusters, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """(N,) which items of ``vectors`` (N, dim) are no nearer to the middle of their finest cluster than
    made-up items usually are to the middle nearest to them.

    Made up: each principal coordinate dealt anew among the items, which keeps how far each spreads and loses
    what belongs together (parallel analysis, Horn 1965); usually: their median cosine. The item nearest to
    the middle of a cluster is always of it.
    """
    points, labels = centred(vectors), clusters.labels[-1]
    if len(points) < FEWEST:
        return np.zeros(len(points), np.bool_)
    middles = centroids_of(points, labels)
    made_up = rng.permuted(points, axis=0)
    made_up /= np.maximum(np.linalg.norm(made_up, axis=1, keepdims=True), 1e-12)
    usual = np.median((made_up @ middles.T).max(axis=1))
    own = np.einsum("np,np->n", points, middles[labels])
    nearest = np.full(len(middles), -np.inf)
    np.maximum.at(nearest, labels, own)
    return np.asarray((own < usual) & (own < nearest[labels]), np.bool_)


def without(clusters: Clusters, left_out: NDArray[np.bool_]) -> Clusters:
    """The same clusters without some of their items, whose labels become -1, ranked by size again."""
    kept = nested(list(clusters.labels[:, ~left_out]))
    labels = np.full_like(clusters.labels, -1)
    labels[:, ~left_out] = kept.labels
    return Clusters(labels, kept.parents)
