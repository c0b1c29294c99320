import pytest

from recsys_core.http.limit import Limit
from recsys_core.http.problems import Problem


def test_one_request_too_many_is_told_when_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_API_PER_MINUTE", "3")
    limit = Limit()
    for _ in range(3):
        limit.count("token 1")

    with pytest.raises(Problem) as caught:
        limit.count("token 1")
    assert caught.value.status == 429
    assert caught.value.detail == "More than 3 requests came from you within a minute."
    assert 58 <= int(caught.value.headers["Retry-After"]) <= 60


def test_others_are_counted_for_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_API_PER_MINUTE", "1")
    limit = Limit()
    for key in ("token 1", "token 2", "10.0.0.1"):
        limit.count(key)
    with pytest.raises(Problem):
        limit.count("10.0.0.1")
