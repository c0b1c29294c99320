from dataclasses import replace

import pandas as pd

from pages.ui.fairness_words import fairness_sentence
from recsys_core.evaluation.slices import GAP_COLUMNS
from tests.pages.found import scorecard

Gap = tuple[str, str, str, str, float, float, float, float, int]


def said(*gaps: Gap) -> str:
    return fairness_sentence(replace(scorecard(), gaps=pd.DataFrame(gaps, columns=list(GAP_COLUMNS))))


def gap(kind: str, size: float, model: str = "blend") -> Gap:
    return kind, model, "F", "M", size, size - 0.01, size + 0.01, 0.02, 2


def test_unequal_service_is_told_with_its_interval_and_chance() -> None:
    assert said(gap("own gender", 0.03), gap("own age", 0.01), gap("truth", 0.5)) == (
        "*Blend of all* serves people unequally: by their gender, **F** is ahead of **M** by 0.0300 NDCG@10 "
        "(0.0200 to 0.0400; chance gives up to 0.0200)."
    )


def test_the_largest_gaps_are_told_first_and_the_rest_is_counted() -> None:
    text = said(*(gap(f"own a{n}", 0.03 + n / 100) for n in range(4)))
    assert text.index("their a3") < text.index("their a2")
    assert text.endswith("and 2 more below.")


def test_gaps_that_may_be_chance_are_none() -> None:
    assert said(gap("own gender", 0.01), gap("own Their\\*", 0.01)) == (
        "By their gender or their Their\\\\\\*, *Blend of all* serves no group surely better than another."
    )


def test_where_nothing_is_told_of_people_nothing_is_said() -> None:
    assert said(gap("truth", 0.5), gap("own gender", 0.5, "popularity")) == ""
    assert said() == ""
