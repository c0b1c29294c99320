"""What is said of publishing with differential privacy."""

import math
from collections.abc import Mapping
from typing import Any, Final

from pages.ui.phrases import count, percent
from recsys_core.release.release import expected_error
from recsys_core.release.statement import FROM_MODEL
from recsys_core.release.terms import Terms
from recsys_core.workspace.releases import Budget, Published

TITLE: Final = "Publish with differential privacy"
ABOUT: Final = (
    "Shares and flows for people outside: noise is added to every number, so that they tell little of "
    "whether any one person is in the log. What stands above is exact, and keeps no such promise."
)
NOT_INSTALLED: Final = "This takes OpenDP, which is not installed here: `pip install 'driftmap[private]'`."
EPSILON_HELP: Final = (
    "How much all published numbers together may tell of one person: smaller is safer and blurrier. 1 is "
    "common, above 3 protects little. Choose it for what the numbers are for."
)
MOST_HELP: Final = (
    "Fewer means less noise, and that people who are there for longer count only in a part of their windows."
)
OF_TITLES, OF_MODEL = "titles", "this model"
INTERESTS_HELP: Final = (
    "Interests found from the titles alone tell of nobody. A fine-tuned model learned from people, which ε "
    "does not cover; what is published says so."
)
_SIZES: Final = (100, 1_000, 10_000)


def meaning(terms: Terms) -> str:
    """What ε means, in a sentence."""
    return (
        f"**ε = {terms.epsilon:g}** means: with a person in the log, whatever is published is at most "
        f"{math.exp(terms.epsilon):,.1f} times as likely as without them."
    )


def expected(terms: Terms) -> str:
    """How far noise moves a share, before anything is published."""
    told = [f"{_error(terms, n)} of {count(n)}" for n in _SIZES]
    return f"Noise will move a share by up to {told[0]} people, {told[1]}, {told[2]} (in 95 % of cases)."


def _error(terms: Terms, n_people: int) -> str:
    error = min(1.0, expected_error(terms, n_people))
    return f"{percent(error).removesuffix(' %')} points in a window"


def spent(budget: Budget) -> str:
    """What is spent of the dataset so far."""
    told = budget.told()
    return (
        f"Spent of this dataset so far: ε = {told['spent']:g} of {told['cap']:g}. What is spent is never "
        "given back; the same again costs nothing."
    )


def too_much(terms: Terms, budget: Budget) -> str:
    """Why nothing can be published."""
    left = budget.told()["left"]
    return f"Only ε = {left:g} is left of this dataset, less than {terms.epsilon:g}."


def download(one: Published, document: Mapping[str, Any]) -> str:
    """The label of a button."""
    whose = ", interests of a model" if document["interests_from"] == FROM_MODEL else ""
    level = f", level {document['interest_level']}" if document["interest_level"] else ""
    by = f"by {document['window_size']}{level}{whose}"
    return f"Published on {one.created:%Y-%m-%d} for ε = {one.epsilon:g}, {by}"


def file_name(dataset: str, one: Published, document: Mapping[str, Any]) -> str:
    """Of the archive."""
    return f"{dataset}-{document['window_size']}-epsilon-{one.epsilon:g}.zip"
