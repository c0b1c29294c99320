from pages.ui.run_differences import (
    column_names,
    difference_sentence,
    equal_sentence,
    metric_differences,
    setting_differences,
)
from recsys_core.recommend.paired import Interval
from tests.pages.ui.runs import run

NAMES = {"run-1": "run 1", "run-2": "run 2"}


def test_only_what_differs_is_listed() -> None:
    one = run(1, mode="head", epochs=8, seed=3, code_version="0.1.0")
    other = run(2, mode="lora", epochs=8, seed=3, code_version="0.1.0")

    assert setting_differences(one, other, NAMES).to_dict("records") == [
        {"Setting": "How much learns", "run 1": "Quick", "run 2": "Light"}
    ]
    assert equal_sentence(one, other) == (
        "Equal: epochs at most \\(8\\), catalogue read first \\(never\\), seed \\(3\\), "
        "language model \\(all-MiniLM-L6-v2\\), data version \\(1\\) and Driftmap version \\(0.1.0\\)."
    )


def test_reading_the_catalogue_first_is_a_setting() -> None:
    table = setting_differences(run(1, pretrain=2), run(2), NAMES)

    assert table.to_dict("records") == [
        {"Setting": "Catalogue read first", "run 1": "2 times", "run 2": "never"}
    ]


def test_hashes_are_shortened_and_what_is_missing_is_said() -> None:
    one, other = run(1, split_hash="0123456789abcdef"), run(2)

    assert setting_differences(one, other, NAMES).to_dict("records") == [
        {"Setting": "Held-out users (split)", "run 1": "0123456789ab", "run 2": "not recorded"}
    ]


def test_the_same_users_are_compared_in_pairs() -> None:
    one, other = run(1, 0.30), run(2, 0.25)

    assert difference_sentence(one, other, {"ndcg@10": Interval(0.05, 0.01, 0.09)}) == (
        "Judged on the same 100 users, *run 1* is better than *run 2* by 0.050 (0.010 to 0.090), "
        "more than chance explains."
    )
    assert "*run 1* is better than *run 2* by 0.050 (0.010 to 0.090)" in difference_sentence(
        other, one, {"ndcg@10": Interval(-0.05, -0.09, -0.01)}
    )


def test_a_difference_around_zero_may_be_chance() -> None:
    assert difference_sentence(run(1, 0.3), run(2, 0.29), {"ndcg@10": Interval(0.01, -0.02, 0.04)}) == (
        "Judged on the same 100 users, the difference is +0.010 (-0.020 to +0.040): it may be chance."
    )


def test_other_users_are_said_honestly() -> None:
    said = difference_sentence(run(1, 0.3, split_hash="a"), run(2, 0.2, split_hash="b"), {})

    assert said == (
        "The scores differ by +0.100, but they were judged on different users, because the seed picks them: "
        "the intervals are of each model by itself, and a small difference may be chance. "
        "The same seed makes a fair comparison."
    )


def test_older_runs_kept_nothing_of_each_user() -> None:
    said = difference_sentence(run(1, 0.3, split_hash="a"), run(2, 0.2, split_hash="a"), {})

    assert "they were judged on the same users, but what each one got was not kept" in said
    assert "The same seed" not in said


def test_other_versions_of_the_data_cannot_be_compared() -> None:
    one, other = run(1, 0.3), run(2, 0.2, version=2)

    assert "versions of the data (1 and 2), so their scores cannot be compared" in difference_sentence(
        one, other, {}
    )
    assert metric_differences(one, other, {}, NAMES)["Difference"].tolist() == ["", "", ""]


def test_a_run_without_a_score_is_compared_by_its_settings() -> None:
    assert difference_sentence(run(1, 0.3), run(2), {}) == (
        "*run 2* has no score, so only the settings can be compared."
    )


def test_the_measures_with_their_intervals() -> None:
    one, other = run(1, 0.3, metrics={"seconds": 16.0}), run(2, 0.25)
    paired = {"ndcg@10": Interval(0.05, 0.01, 0.09)}

    assert metric_differences(one, other, paired, NAMES).to_numpy().tolist() == [
        ["Score (NDCG@10)", "0.300 (0.290 to 0.310)", "0.250 (0.240 to 0.260)", "+0.050 (+0.010 to +0.090)"],
        ["Held-out users", "100", "100", ""],
        ["Training took", "16 seconds", "not recorded", ""],
    ]


def test_long_names_are_shortened_unless_they_would_read_alike() -> None:
    spring, alike = "the spring one, the best of them all", "the spring one, not the best of them all"

    assert column_names(run(1), run(2), {"run-1": spring, "run-2": "x"}) == {
        "run-1": "the spring one…t of them all",
        "run-2": "x",
    }
    assert column_names(run(1), run(2), {"run-1": spring, "run-2": alike}) == {
        "run-1": "the spring one…t of them all",
        "run-2": alike,
    }
