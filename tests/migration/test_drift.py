import numpy as np

from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.drift import user_drift
from recsys_core.migration.layout import lay_out
from recsys_core.migration.taste import Taste
from recsys_core.progress import Silent


def drift(worlds, rows):
    dataset = worlds.dataset(rows)
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), WindowSize.MONTH)
    taste = Taste((worlds.vectors(dataset)[None],))
    return user_drift(lay_out(dataset, windows), taste, windows, np.random.default_rng(0), 200, Silent())


def test_a_clean_move_explains_everything_and_is_dated(worlds):
    rows = [("ann", f"2013-{month:02d}-10", 1 if month < 7 else 3, 0) for month in range(1, 13)]
    (ann,) = drift(worlds, rows).to_dict("records")
    assert (ann["user"], ann["window"], ann["n_events"], ann["flagged"]) == (0, "2013-07", 12, True)
    assert np.isclose(ann["drift"], 1)
    assert ann["expected"] < 0.5


def test_who_cannot_be_tested_is_left_out(worlds):
    few = [("few", f"2013-{month:02d}-10", month % 2, 0) for month in range(1, 10)]
    constant = [("one", f"2013-{month:02d}-10", 1, 0) for month in range(1, 13)]
    at_once = [("now", "2013-01-10", item % 3, 0) for item in range(20)]
    assert drift(worlds, few + constant + at_once).empty


def test_p_is_never_less_than_the_chance_of_the_same_order_or_its_mirror_image(worlds):
    rows = [("ann", f"2013-{month:02d}-10", 1 if month < 10 else 3, 0) for month in range(1, 13)]
    (ann,) = drift(worlds, rows).to_dict("records")
    assert ann["p"] >= 2 / 220  # 12 choose 3 orders
    assert ann["p"] < 0.03


def test_no_change_is_seen_inside_one_instant(worlds):
    rows = [("ann", "2013-01-10", 1, i) for i in range(6)] + [("ann", "2013-01-10", 3, i) for i in range(5)]
    (ann,) = drift(worlds, [*rows, ("ann", "2013-02-10", 1, 0)]).to_dict("records")
    assert (ann["drift"], ann["p"]) == (0, 1)


def test_users_who_stay_are_not_flagged_and_movers_are(worlds):
    users = drift(worlds, worlds.random(seed=5, n_users=150, events=30, movers=20))
    movers = users["user"] < 20
    assert users[movers]["flagged"].mean() >= 0.9
    assert users[~movers]["flagged"].mean() <= 0.05
    assert (users[~movers]["p"] < 0.05).mean() < 0.1


def test_who_is_looked_at_in_which_view_is_for_the_others_to_say(worlds):
    rows = worlds.random(seed=5, n_users=150, events=30, movers=60)
    dataset = worlds.dataset(rows)
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), WindowSize.MONTH)
    telling = worlds.vectors(dataset)[None]
    silent = np.random.default_rng(0).normal(size=telling.shape).astype(np.float32)

    def flagged(*views):
        users = user_drift(
            lay_out(dataset, windows), Taste(views), windows, np.random.default_rng(0), 200, Silent()
        )
        return users["flagged"].sum()

    assert flagged(silent, telling) == flagged(telling, silent) == flagged(telling)
    assert flagged(silent) < flagged(telling) / 2
