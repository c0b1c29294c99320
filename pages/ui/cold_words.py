"""What a cold-start preview says: the headline, the reasons, the table."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from pages.ui.phrases import count, listed, percent, plain, shorten
from pages.ui.score_words import verdict_sentence
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import NAME
from recsys_core.evaluation.scorecard import Scorecard
from recsys_core.interests.interests import Interests
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommendation import Reason, Recommendation

METHOD: Final = (
    "Several recommenders score every title of the domain: what is popular lately and ever, what the same "
    "people took, and titles whose text is like what this person took or typed. A blend weighs them; its "
    "weights were learned on people whose events in this domain were hidden on purpose, and lean towards "
    "popularity where there is little to go by.\n\n"
    "**Reasons** say how much of what speaks for a title goes back to each thing known about this person. "
    "Where scores are sums, these are their very parts, and they add up to the score; elsewhere the score is "
    "computed again without each thing. **Nothing is claimed without a test:** where the blend does not beat "
    "popularity beyond its 95 % interval, the page says so and shows what is popular."
)
POPULAR: Final = "recent popularity"
_MOST_REASONS = 3
_SMALLEST = 0.005


def cold_headline(recommended: Recommendation, beside: Recommendation, name: str = POPULAR) -> str:
    """As in: Because of *Green tea matcha* and *Rice cooker*; popularity shares 3 of these 10."""
    n = len(recommended)
    if not n:
        return "There is nothing left to recommend: everything in this domain has been taken."
    both = len(np.intersect1d(recommended.items, beside.items))
    shared = f"{name} shares {both} of these {n}"
    because = [f"*{plain(shorten(label, 48))}*" for label in strongest(recommended)]
    if recommended.note or not because:
        return f"What is popular; {shared}."
    return f"Because of {listed(because)}; {shared}."


def gated_headline(target: str) -> str:
    """What the page says where a test found nothing to transfer."""
    return f"What is popular lately: nothing was shown to be better for people new to *{plain(target)}*."


def sentence_of_test(card: Scorecard, profile: Profile) -> str:
    """The verdict of the test, and what it says nothing of: people nothing is known of get what is popular,
    and typed words are in no log.
    """
    if profile.is_empty:
        return ""
    said = verdict_sentence(card)
    return f"{said} That was tested on what people took; typed words are in no log." if profile.text else said


def popular_headline(target: str) -> str:
    """What the page says where there is nothing but popularity to go by."""
    return f"What is popular lately in *{plain(target)}*, the same for everyone."


def strongest(recommended: Recommendation, most: int = 2) -> list[str]:
    """The labels that explain most of the list, popularity aside."""
    shares: dict[str, float] = {}
    for reasons in recommended.reasons:
        for reason in reasons:
            if not _is_popularity(reason):
                shares[reason.label] = shares.get(reason.label, 0.0) + reason.share
    ordered = sorted(shares, key=lambda label: (-shares[label], label))
    return [label for label in ordered if shares[label] > 0][:most]


def reason_words(reasons: Sequence[Reason]) -> str:
    """As in: because of X 41 %, Y 22 %, Z 6 %, 9 others 13 %; popularity 18 %."""
    personal = [r for r in reasons if not _is_popularity(r) and r.share > 0]
    told = [r for r in personal if r.share >= _SMALLEST][:_MOST_REASONS]
    popularity = sum(r.share for r in reasons if _is_popularity(r))
    parts = [f"{shorten(r.label, 48)} {percent(r.share)}" for r in told]
    rest = sum(r.share for r in personal[len(told) :])
    if told and rest >= _SMALLEST:
        n_more = len(personal) - len(told)
        parts.append(f"{count(n_more)} other{'s' * (n_more != 1)} {percent(rest)}")
    if not reasons:
        return ""
    because = f"because of {', '.join(parts)}" if parts else ""
    tail = f"popularity {percent(popularity)}" if popularity >= _SMALLEST else ""
    return "; ".join(part for part in (because, tail) if part) or "no single reason stands out"


def preview_table(
    dataset: Dataset, interests: Interests | None, shown: Recommendation, other: Recommendation, level: int
) -> pd.DataFrame:
    """The list as a table: ``Rank, Title, Interest, Score, Why, In both``."""
    rows = shown.items
    return pd.DataFrame(
        {
            "Rank": np.arange(1, len(rows) + 1),
            "Title": dataset.labels[rows],
            "Interest": interest_names(interests, rows, level),
            "Score": shown.scores.astype(float),
            "Why": [reason_words(reasons) for reasons in shown.reasons],
            "In both lists": np.isin(rows, other.items),
        }
    )


def sums_table(dataset: Dataset, shown: Recommendation, most: int = 3) -> pd.DataFrame:
    """How each score adds up: ``Rank, Title, Score``, popularity's part, the ``most`` largest parts of what
    is known (by size, with their sign) in words, and the sum of all other parts.
    """
    rows = []
    for rank, item, score, reasons in shown.ranked():
        known = [r for r in reasons if not _is_popularity(r)]
        told = sorted(known, key=lambda r: -abs(r.amount))[:most]
        rows.append(
            {
                "Rank": rank,
                "Title": str(dataset.labels[item]),
                "Score": score,
                "Popularity": sum(r.amount for r in reasons if _is_popularity(r)),
                "Largest parts": ", ".join(f"{shorten(r.label, 40)} {r.amount:+.3f}" for r in told),
                "All other parts": sum(r.amount for r in known) - sum(r.amount for r in told),
            }
        )
    return pd.DataFrame(rows)


def move_badge(move: int | None) -> str:
    """Where a title stood in the plain list: ▲ 3 for three places lower there; "" where it stood here."""
    if move is None:
        return ":violet-badge[new]"
    if move == 0:
        return ""
    return f":green-badge[▲ {move}]" if move > 0 else f":orange-badge[▼ {-move}]"


def truth_sentence(
    taken: np.ndarray, recommended: Recommendation, popular: Recommendation, target: str
) -> str:
    """What the list found of what a test user really took."""
    ours, theirs = (len(np.intersect1d(taken, one.items)) for one in (recommended, popular))
    took = f"{count(len(taken))} title{'s' if len(taken) != 1 else ''} in *{plain(target)}*"
    return (
        f"This person really took {took}, hidden from everything that made these lists: **{ours}** "
        f"{'is' if ours == 1 else 'are'} in the list, {theirs} in what stands beside it."
    )


def interest_names(interests: Interests | None, rows: np.ndarray, level: int) -> list[str]:
    """The interest of each item row, "" where no interests were found."""
    if interests is None:
        return [""] * len(rows)
    return [
        str(name) for name in interests.table[NAME].to_numpy(object)[interests.item_interest[level][rows]]
    ]


def line(rank: int, title: str, interest: str, why: str, mark: str) -> str:
    """One entry of the list as Markdown."""
    why = why.replace(" %", "\u00a0%")  # a percentage stays on one line
    about = " · ".join(part for part in (plain(interest), plain(why)) if part)
    return f"**{rank}. {plain(shorten(title, 80))}** {mark}  \n:small[{about}]"


def _is_popularity(reason: Reason) -> bool:
    return reason.item is None and "popular" in reason.label
