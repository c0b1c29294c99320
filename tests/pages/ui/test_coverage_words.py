import pandas as pd

from pages.ui.coverage_words import once_sentence, per_user_title, tail_title, text_title, users_title
from recsys_core.catalogue.coverage import STEPS


def test_whose_users_are_known_elsewhere() -> None:
    domains = pd.DataFrame({"domain": ["food", "toys"], "n_users": [10, 100], "elsewhere": [10, 14]})

    assert users_title(domains) == (
        "100 % of the users of food are in another domain too, but 14 % of those of toys"
    )
    assert users_title(domains.tail(1)) == "14 % of each domain's users are in another domain too"
    close = pd.DataFrame({"domain": ["a", "b"], "n_users": [1000, 1000], "elsewhere": [997, 998]})
    assert users_title(close) == "100 % of each domain's users are in another domain too"


def test_how_many_events_users_have() -> None:
    per_user = pd.DataFrame({"domain": "", "events": STEPS, "share": [1, 1, 1, 0.6, 0.3, 0.1, 0, 0]})

    assert per_user_title(per_user) == "60 % of users have 5 events or more, 10 % have 20 or more"
    few = per_user.assign(share=[1, 0.9, 0.8, 0.2, 0.1, 0, 0, 0])
    assert per_user_title(few) == "80 % of users have fewer than 5 events"
    all_users = per_user.assign(share=[1, 1, 1, 1, 0.3, 0.1, 0, 0])
    assert per_user_title(all_users).startswith("All users have 5 events or more")


def test_where_text_is_missing() -> None:
    text = pd.DataFrame(
        [("food", 100, 64, 0.64, 0.91), ("toys", 10, 10, 1.0, 1.0)],
        columns=["domain", "n_items", "with_text", "share_items", "share_events"],
    )

    assert text_title(text) == "36 items of food have no text: 36 % of its items, with 9 % of its events"
    assert text_title(text.tail(1)) == "Every item has text"


def test_what_a_tenth_of_the_items_holds() -> None:
    tail = pd.DataFrame(
        {"domain": ["food", "toys"], "n_items": [100, 50], "top_10": [0.58, 0.36], "once": [25, 0]}
    )

    assert tail_title(tail) == "In food a tenth of the items holds 58 % of the events, in toys 36 %"
    assert tail_title(tail.assign(top_10=0.4)).startswith("In every domain a tenth of the items holds 40 %")
    assert once_sentence(tail) == "Items with a single event: 25 of 100 in food."
    assert once_sentence(tail.tail(1)) == "No item has a single event only."
