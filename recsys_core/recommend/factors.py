"""Items as a few numbers each, by who took them."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.utils.extmath import randomized_svd

from recsys_core.recommend.affordable import SPARSE
from recsys_core.recommend.examples import Examples, user_items
from recsys_core.recommend.features import unit_sparse
from recsys_core.recommend.recommender import Training

Floats = NDArray[np.float32]


def factors(taken: csr_array, dim: int, rng: np.random.Generator) -> Floats:
    """(columns, d) right singular vectors of ``taken`` (U, columns) with its rows at length 1, largest first;
    d is ``dim``, or less where the matrix is smaller (PureSVD, Cremonesi et al. 2010; randomised SVD, Halko
    et al. 2011).
    """
    rank = min(dim, *taken.shape)
    if not taken.nnz or not rank:
        return np.zeros((taken.shape[1], rank), np.float32)
    _, _, right = randomized_svd(unit_sparse(csr_array(taken)), rank, random_state=int(rng.integers(2**31)))
    found: Floats = np.ascontiguousarray(right.T, np.float32)
    return found


def multiplications_of_factors(training: Training, dim: int) -> float:
    """About what finding ``dim`` of them takes: eight passes over the log, and as many orthogonalisations."""
    dataset = training.dataset
    return 8.0 * dim * (SPARSE * dataset.n_events + dim * (dataset.n_users + dataset.n_items))


def factors_known(known: Examples, training: Training, dim: int, rng: np.random.Generator) -> Floats:
    """(I, d) the factors of the items by which past users are ``known``: of those outside the target, whose
    rows alone are not zero; or of all items, where past users are known by the target alone.
    """
    some = np.ones(training.dataset.n_items, np.float32)
    if not known.held[:, training.items].nnz:
        some[training.items] = 0
    return factors(csr_array(user_items(training) * some), dim, rng)
