from pages.ui.cold_words import reason_words
from recsys_core.recommend.recommendation import Reason


def test_reasons_add_up_to_the_whole() -> None:
    shares = {"Tea": 0.3, "Pot": 0.2, "Cup": 0.1, "Mug": 0.06, "Jar": 0.04, "popularity": 0.3}
    reasons = [Reason(label, None if label == "popularity" else 1, share) for label, share in shares.items()]
    told = "because of Tea 30 %, Pot 20 %, Cup 10 %, 2 others 10 %; popularity 30 %"
    assert reason_words(reasons) == told


def test_what_speaks_against_a_title_is_no_reason_for_it() -> None:
    assert reason_words([Reason("Tea", 1, 1.0, 0.5), Reason("Pot", 2, 0.0, -0.1)]) == "because of Tea 100 %"
    assert reason_words([]) == ""
