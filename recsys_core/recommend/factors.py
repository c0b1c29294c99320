"""Items as a few numbers each, by who took them."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recsys_core.recommend.affordable import SPARSE
from recsys_core.recommend.examples import Examples, user_items
from recsys_core.recommend.features import unit_sparse
from recsys_core.recommend.recommender import Training

Floats = NDArray[np.float32]
MOST_USERS = 200_000


def factors(taken: csr_array, dim: int, rng: np.random.Generator) -> Floats:
    """(columns, d) right singular vectors of ``taken`` (U, columns) with its rows at length 1, largest first;
    d is ``dim``, or less where the matrix is smaller (PureSVD, Cremonesi et al. 2010; randomised SVD, Halko
    et al. 2011). Of more than 200,000 users, so many of those who took anything are drawn.
    """
    from sklearn.utils.extmath import randomized_svd

    taken = some_users(taken, rng)
    rank = min(dim, *taken.shape)
    if not taken.nnz or not rank:
        return np.zeros((taken.shape[1], rank), np.float32)
    _, _, right = randomized_svd(unit_sparse(csr_array(taken)), rank, random_state=int(rng.integers(2**31)))
    found: Floats = np.ascontiguousarray(right.T, np.float32)
    return found


def some_users(taken: csr_array, rng: np.random.Generator) -> csr_array:
    """``taken`` (U, columns), or 200,000 of its rows that hold anything, where it has more rows."""
    if taken.shape[0] <= MOST_USERS:
        return taken
    rows = np.flatnonzero(np.diff(taken.indptr))
    return taken[np.sort(rng.choice(rows, min(MOST_USERS, len(rows)), replace=False))]


def multiplications_of_factors(training: Training, dim: int) -> float:
    """About what finding ``dim`` of them takes: eight passes over the log, and as many orthogonalisations."""
    dataset, users = training.dataset, min(training.dataset.n_users, MOST_USERS)
    events = users * dataset.events_per_user
    return 8.0 * dim * (SPARSE * events + dim * (users + dataset.n_items))


def factors_known(known: Examples, training: Training, dim: int, rng: np.random.Generator) -> Floats:
    """(I, d) the factors of the items by which past users are ``known``: of those outside the target, whose
    rows alone are not zero; or of all items, where past users are known by the target alone.
    """
    if known.held[:, training.items].nnz:
        return factors(user_items(training), dim, rng)
    elsewhere = np.setdiff1d(np.arange(training.dataset.n_items), training.items)
    taken = user_items(training, elsewhere)
    shape = (taken.shape[0], training.dataset.n_items)
    columns = elsewhere.astype(taken.indices.dtype)[taken.indices]
    return factors(csr_array((taken.data, columns, taken.indptr), shape), dim, rng)
