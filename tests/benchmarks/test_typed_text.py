"""Whether a few words typed find what they mean: 200 real titles, each asked for by some words of its own."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recsys_core.columns import NAME, TEXT
from recsys_core.interests.clusters import default_levels
from recsys_core.interests.finding import find_interests
from recsys_core.interests.interests import Interests
from recsys_core.pipeline import prepare_recommender
from recsys_core.progress import Silent
from recsys_core.recommend.cold_start import ColdStart
from recsys_core.recommend.recommend import recommend
from recsys_core.recommend.recommender import Recommender
from recsys_core.workspace.workspace import Workspace
from tests.benchmarks.shop import shop, table

Rows = NDArray[np.int64]
PER_DOMAIN: Final = 100
DISTINCTIVE: Final = 3
K: Final = 10
SEED: Final = 2026
WANTED: Final = 0.9
CATEGORY: Final = "category"


def test_typed_words_find_their_title_or_its_interest(tmp_path: Path) -> None:
    dataset, vectors = shop(tmp_path, "food", "kitchen")
    levels = default_levels(dataset.n_items)
    interests = find_interests(dataset, vectors, levels, np.random.default_rng(0), Silent())
    rng, rows, found = np.random.default_rng(SEED), [], []
    for domain in dataset.domains:
        cold = prepare_recommender(Workspace.open(tmp_path), "shop", domain)
        drawn = drawn_with_text(cold, rng)
        asked = typed(dataset.items[TEXT].tolist(), drawn, interests, rng)
        for how, texts in asked.items():
            lists = {name: lists_of(cold, one, texts) for name, one in _recommenders(cold).items()}
            hits = {name: judged(some, drawn, interests) for name, some in lists.items()}
            rows += [(domain, how, name, *(f"{value:.1%}" for value in hit)) for name, hit in hits.items()]
            found += [hits["blend"][-1]] if how == CATEGORY else []
        random = chance(cold.training.items, drawn, interests)
        rows.append((domain, "", "ten at random", *(f"{value:.1%}" for value in random)))
        print(f"\n{dataset.items[TEXT].iloc[drawn[0]]!r} is asked for by {[t[0] for t in asked.values()]}")
    print(f"{PER_DOMAIN} titles a domain")
    print(table(("domain", "words", "by", "the title", *(f"or of its {n} interests" for n in levels)), rows))
    assert np.mean(found) >= WANTED


def drawn_with_text(cold: ColdStart, rng: np.random.Generator) -> Rows:
    """Row numbers of titles of three words or more, each as likely as any other."""
    texts = cold.dataset.items[TEXT].to_numpy(object)
    items = [item for item in cold.training.items if len(_words(texts[item])) >= DISTINCTIVE]
    return rng.choice(np.array(items), PER_DOMAIN, replace=False)


def typed(
    texts: Sequence[str], drawn: Rows, interests: Interests, rng: np.random.Generator
) -> dict[str, list[str]]:
    """For each of ``drawn`` what is typed, by what stands beside its own words: nothing, the name of its
    finest interest, as one who knows the shelf would say, or that of its coarsest, which says little of it
    and may mislead. The shop's files hold no categories.
    """
    how_often = Counter(word for text in texts for word in set(_words(text)))
    names, of = interests.table[NAME].to_numpy(object), interests.item_interest
    beside = {
        "its own": lambda _: "",
        CATEGORY: lambda i: names[of[-1][i]],
        "department": lambda i: names[of[0][i]],
    }
    return {
        how: [typed_for(texts[item], str(category(item)), how_often, rng) for item in drawn]
        for how, category in beside.items()
    }


def typed_for(text: str, category: str, how_often: Mapping[str, int], rng: np.random.Generator) -> str:
    """The three words of a text that the fewest other texts have (the highest TF-IDF, each word counted once)
    and those of its category, shuffled.
    """
    own = sorted(dict.fromkeys(_words(text)), key=lambda word: how_often[word])[:DISTINCTIVE]
    words = list(dict.fromkeys([*own, *_words(category)]))
    return " ".join(rng.permutation(words).tolist())


def lists_of(cold: ColdStart, recommender: Recommender, typed: Sequence[str]) -> list[Rows]:
    """The first ten item rows for each text, as the app makes them."""
    people = [cold.profile_for_text(text) for text in typed]
    dataset, target = cold.dataset, cold.training.target
    return [recommend(recommender, dataset, target, who, K, explain=False).items for who in people]


def judged(lists: Sequence[Rows], drawn: Rows, interests: Interests) -> tuple[float, ...]:
    """Fractions of the titles ``drawn`` that are in their list, and of those of whose interest at each level
    one is.
    """
    pairs = list(zip(lists, drawn.tolist(), strict=True))
    of = [[np.any(level[ten] == level[item]) for ten, item in pairs] for level in interests.item_interest]
    return (float(np.mean([item in ten for ten, item in pairs])), *(float(np.mean(hits)) for hits in of))


def chance(items: Rows, drawn: Rows, interests: Interests) -> tuple[float, ...]:
    """The same for ten of ``items`` drawn at random."""
    shares = [(level[items][:, None] == level[drawn]).mean(0) for level in interests.item_interest]
    return (K / len(items), *(float(1 - ((1 - share) ** K).mean()) for share in shares))


def _recommenders(cold: ColdStart) -> dict[str, Recommender]:
    return {"blend": cold.blend, "text match": cold.blend.match}


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]{3,}", text.lower())
