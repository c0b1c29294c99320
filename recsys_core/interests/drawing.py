"""Drawing the map: one picture fitted on a sample, everything else placed into it."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.columns import INTEREST, ITEM, N_EVENTS, USER, WINDOW, X, Y
from recsys_core.errors import NotEnoughDataError
from recsys_core.interests.embedding import embed
from recsys_core.interests.interests import Interests
from recsys_core.interests.map_quality import neighbours_kept, trustworthiness
from recsys_core.interests.profiles import UserWindows
from recsys_core.interests.projection import InterestMap
from recsys_core.interests.reference import MapReference
from recsys_core.interests.space import shared_space
from recsys_core.progress import Progress

FIT_ITEMS = 7_000
FIT_USERS = 3_000
_FEWEST_ITEMS = 3


def draw_map(
    item_vectors: NDArray[np.float32],
    user_windows: UserWindows,
    interests: Interests,
    rng: np.random.Generator,
    progress: Progress,
) -> InterestMap:
    """The map of items with ``item_vectors`` (I, dim) and of users in their windows.

    The picture is fitted once (see ``embed``) on up to 7,000 items and up to 3,000 users' latest states,
    each drawn in proportion to the finest interests; every other point is placed by
    ``MapReference.place``. Same rng state, same map. Raises NotEnoughDataError below three items with a
    vector.
    """
    item_rows = np.flatnonzero(np.any(item_vectors != 0, axis=1))
    user_rows = np.flatnonzero(np.any(user_windows.vector != 0, axis=1))
    if len(item_rows) < _FEWEST_ITEMS:
        raise NotEnoughDataError(
            f"Only {len(item_rows)} items have a text or a vector, too few to draw a map.",
            f"Import the titles of at least {_FEWEST_ITEMS} items.",
        )
    progress.stage("Drawing the map")
    space, near_likes = shared_space(
        item_vectors[item_rows],
        interests.item_interest[0][item_rows],
        user_windows.vector[user_rows],
        user_windows.interest[0][user_rows],
        rng,
    )
    items = space.item_points(item_vectors[item_rows])
    users = space.user_points(user_windows.vector[user_rows])
    fit_items, fit_users = _sample(item_rows, user_rows, user_windows, interests, rng)
    fitted = np.concatenate([items[fit_items], users[fit_users]])
    reference = MapReference(space, fitted, embed(fitted, rng))
    progress.check_cancelled()
    progress.stage("Placing everything on the map")
    item_positions, user_positions = reference.place(items), reference.place(users)
    points, positions = np.concatenate([items, users]), np.concatenate([item_positions, user_positions])
    return InterestMap(
        items=pd.DataFrame({ITEM: item_rows, X: item_positions[:, 0], Y: item_positions[:, 1]}),
        users=_user_frame(user_windows, user_rows, user_positions),
        user_interest=user_windows.interest[:, user_rows],
        reference=reference,
        trustworthiness=trustworthiness(points, positions, rng),
        neighbours_kept=neighbours_kept(points, positions, rng),
        users_near_likes=near_likes,
        n_fitted_items=len(fit_items),
        n_fitted_users=len(fit_users),
    )


def spread_sample(strata: NDArray[np.int64], most: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """At most ``most`` places of ``strata`` (N,), ascending, every stratum in proportion to its size:
    a random order within strata, then every n-th (systematic sampling).
    """
    shuffled = rng.permutation(len(strata))
    ordered = shuffled[np.argsort(strata[shuffled], kind="stable")]
    take = np.linspace(0, len(strata), min(most, len(strata)), endpoint=False).astype(np.int64)
    return np.sort(ordered[take])


def _sample(
    item_rows: NDArray[np.int64],
    user_rows: NDArray[np.int64],
    windows: UserWindows,
    interests: Interests,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places in ``item_rows`` and in ``user_rows`` (latest windows only) that the picture is fitted on."""
    items = spread_sample(interests.item_interest[-1][item_rows], FIT_ITEMS, rng)
    latest = np.flatnonzero(np.isin(user_rows, windows.latest()))
    users = spread_sample(windows.interest[-1][user_rows][latest], FIT_USERS, rng)
    return items, latest[users]


def _user_frame(
    windows: UserWindows, rows: NDArray[np.int64], positions: NDArray[np.float32]
) -> pd.DataFrame:
    ids = np.array(windows.window_ids, dtype=object)
    return pd.DataFrame(
        {
            USER: windows.user[rows],
            WINDOW: ids[windows.window[rows]],
            X: positions[:, 0],
            Y: positions[:, 1],
            N_EVENTS: windows.n_events[rows],
            INTEREST: windows.interest[0][rows],
        }
    )
