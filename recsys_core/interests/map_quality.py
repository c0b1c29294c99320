"""How faithful a picture is to the space it shows."""

import numpy as np
from numpy.typing import NDArray

from recsys_core.interests.nearest import nearest
from recsys_core.interests.space import NEIGHBOURS

_TRUST_ON = 2_000
_ASKED = 1_000
_AMONG = 50_000


def trustworthiness(
    points: NDArray[np.float32], positions: NDArray[np.float32], rng: np.random.Generator
) -> float:
    """In [0, 1]: 1 minus the penalty for neighbours on the map (N, 2) who are far in ``points`` (N, p),
    by rank (Venna & Kaski 2001), on 2,000 random points with 15 neighbours; 1 below four points.
    """
    from sklearn.manifold import trustworthiness as venna_kaski

    asked = np.sort(rng.permutation(len(points))[:_TRUST_ON])
    if len(asked) < 4:
        return 1.0
    k = min(NEIGHBOURS, (len(asked) - 1) // 2)
    return float(venna_kaski(points[asked], positions[asked], n_neighbors=k))


def neighbours_kept(
    points: NDArray[np.float32], positions: NDArray[np.float32], rng: np.random.Generator
) -> float:
    """In [0, 1]: the mean share of a point's 15 nearest in ``points`` (N, p) who are also among its 15
    nearest on the map (N, 2); for 1,000 random points among at most 50,000; 1 for a single point.
    """
    from scipy.spatial import cKDTree

    among = np.sort(rng.permutation(len(points))[:_AMONG])
    k = min(NEIGHBOURS, len(among) - 1)
    if k < 1:
        return 1.0
    asked = rng.permutation(len(among))[:_ASKED]
    full = nearest(points[among][asked], points[among], k + 1)[0]
    flat = cKDTree(positions[among]).query(positions[among][asked], k + 1)[1]
    shared = [
        len(np.setdiff1d(np.intersect1d(a, b), [own])) for a, b, own in zip(full, flat, asked, strict=True)
    ]
    return min(1.0, float(np.mean(shared)) / k)
