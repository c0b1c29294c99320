import pyarrow as pa
import pytest

from recsys_core.errors import InputError
from recsys_core.logs.event_rules import EventRules, parse_repeats
from recsys_core.logs.parsing import Repeats


def weighed(rules: EventRules, *rows: tuple[str, float]) -> list[float | None]:
    """The weight of each row, None where it is left out."""
    events = pa.array([event for event, _ in rows]).dictionary_encode()
    table = pa.table({"event": events, "weight": pa.array([weight for _, weight in rows], pa.float32())})
    kept, weight = rules.weigh(table)
    return [float(w) if k else None for k, w in zip(kept, weight, strict=True)]


def test_without_rules_every_event_counts_as_the_log_has_it() -> None:
    assert weighed(EventRules(), ("view", 1), ("buy", 2.5)) == [1, 2.5]


def test_events_have_factors_and_zero_leaves_out() -> None:
    rules = EventRules(events={"view": 0.5, "remove": 0})
    assert weighed(rules, ("view", 2), ("buy", 2), ("remove", 2)) == [1, 2, None]


def test_a_threshold_and_equal_weights() -> None:
    rules = EventRules(min_weight=3.5, equal_weights=True, events={"like": 2})
    assert weighed(rules, ("rate", 3), ("rate", 3.5), ("like", 5)) == [None, 1, 2]


def test_rules_go_through_json() -> None:
    rules = EventRules({"view": 0.5}, 3.5, True, Repeats.PAIRS, 5, 2)
    assert EventRules.from_dict(rules.as_dict()) == rules
    assert EventRules.from_dict({}) == EventRules()


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"events": {"view": -1.0}}, "'view' was given the weight -1"),
        ({"events": {"view": float("nan")}}, "'view' was given the weight nan"),
        ({"min_weight": float("inf")}, "least weight inf"),
        ({"core": 0}, "k-core is 0"),
        ({"min_history": -1}, "least history is -1"),
    ],
)
def test_rules_that_cannot_be(rules: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        EventRules(**rules)  # type: ignore[arg-type]


def test_an_unknown_policy_names_those_there_are() -> None:
    with pytest.raises(InputError, match="Take one of: lines, moments, pairs, keep"):
        parse_repeats("twice")
