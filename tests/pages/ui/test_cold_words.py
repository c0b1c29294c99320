import numpy as np

from pages.ui.cold_words import reason_words, sentence_of_test
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommendation import Reason
from tests.pages.found import scorecard


def test_reasons_add_up_to_the_whole() -> None:
    shares = {"Tea": 0.3, "Pot": 0.2, "Cup": 0.1, "Mug": 0.06, "Jar": 0.04, "popularity": 0.3}
    reasons = [Reason(label, None if label == "popularity" else 1, share) for label, share in shares.items()]
    told = "because of Tea 30 %, Pot 20 %, Cup 10 %, 2 others 10 %; popularity 30 %"
    assert reason_words(reasons) == told


def test_what_speaks_against_a_title_is_no_reason_for_it() -> None:
    assert reason_words([Reason("Tea", 1, 1.0, 0.5), Reason("Pot", 2, 0.0, -0.1)]) == "because of Tea 100 %"
    assert reason_words([]) == ""


def test_a_test_is_told_only_of_what_it_tested() -> None:
    card = scorecard("gain")
    told = sentence_of_test(card, Profile.from_picks([1]))
    assert told.startswith("For people new to *kitchen*, recommendations are")
    typed = Profile.from_text("soup", np.ones(4, np.float32))
    assert (
        sentence_of_test(card, typed)
        == f"{told} That was tested on what people took; typed words are in no log."
    )
    assert sentence_of_test(card, Profile.nothing()) == ""
