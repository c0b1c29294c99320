"""Which published format a file is in, if any."""

from collections.abc import Callable, Sequence

from recsys_core.logs.heads import Head
from recsys_core.logs.published import amazon, ga4, hm, mind, movielens, recbole, segment
from recsys_core.logs.published.published import Published

RECOGNISERS: Sequence[Callable[[str, Head], Published | None]] = (
    recbole.recognise,
    mind.recognise,
    movielens.recognise,
    amazon.recognise,
    hm.recognise,
    ga4.recognise,
    segment.recognise,
)


def recognise(name: str, head: Head) -> Published | None:
    """The published format of the file called ``name``, or None; the first that fits counts."""
    return next((found for one in RECOGNISERS if (found := one(name, head)) is not None), None)
