from sample_data.draws import Deck, Draws


def test_the_same_seed_draws_the_same() -> None:
    first, second = Draws("a"), Draws("a")
    assert [first.integer(0, 10) for _ in range(20)] == [second.integer(0, 10) for _ in range(20)]


def test_children_differ_by_name() -> None:
    assert Draws("a").child("x").uniform() != Draws("a").child("y").uniform()


def test_a_weight_of_nothing_is_never_drawn() -> None:
    draws = Draws("a")
    assert {draws.weighted("abc", (1.0, 0.0, 2.0)) for _ in range(200)} == {"a", "c"}


def test_a_deck_deals_every_card_before_any_twice() -> None:
    deck = Deck(("a", "b", "c"), Draws("a"))
    assert sorted(deck.deal() for _ in range(3)) == ["a", "b", "c"]
    assert sorted(deck.deal() for _ in range(3)) == ["a", "b", "c"]
