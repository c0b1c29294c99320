"""Our encoding against sentence-transformers' default, and the cache against both."""

import time
from pathlib import Path

import numpy as np
import pandas as pd

from recsys_core.encoder.cache import VectorCache
from recsys_core.encoder.loading import load_encoder
from sample_data import DOMAINS, items_file


def sample_titles() -> list[str]:
    """The sample's titles, each in four wordings: 4,800 different texts of catalogue length."""
    titles = [title for domain in DOMAINS for title in pd.read_csv(items_file(domain))["title"]]
    return [f"{title}{ending}" for title in titles for ending in ("", ", new", " (set of two)", " by hand")]


def test_encoding_is_twice_as_fast_as_the_default_and_the_same(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    texts, encoder, cache = sample_titles(), load_encoder(), VectorCache(tmp_path)
    default = SentenceTransformer(str(encoder.folder))
    encoder.encode(texts[:256])
    default.encode(texts[:256])
    theirs, seconds_default = _timed(lambda: default.encode(texts))
    ours, seconds_first = _timed(lambda: cache.encode(encoder, texts))
    again, seconds_again = _timed(lambda: cache.encode(encoder, texts))
    cosine = float((ours * theirs).sum(axis=1).mean())
    speeds = [len(texts) / seconds for seconds in (seconds_default, seconds_first)]
    print(
        f"\n{len(texts):,} texts: default {speeds[0]:.0f}/s, ours {speeds[1]:.0f}/s,"
        f" ratio {seconds_default / seconds_first:.2f}; cached {seconds_first / seconds_again:.0f} x;"
        f" mean cosine {cosine:.5f}"
    )
    assert np.array_equal(ours, again)
    assert cosine >= 0.999
    assert seconds_default / seconds_first >= 1.5
    assert seconds_first / seconds_again >= 100


def _timed(work):  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began
