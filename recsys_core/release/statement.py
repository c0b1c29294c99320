"""What goes with published numbers: how much they may tell of anybody, and how they were made."""

from collections.abc import Mapping
from typing import Any, Final

from recsys_core.privacy import SMALLEST_GROUP
from recsys_core.release.grid import BEGINS
from recsys_core.release.noise import CONFIDENCE, Noisy
from recsys_core.release.sums import UNITS
from recsys_core.release.terms import FLOWS, PEOPLE, SHARES, Terms

FROM_TITLES: Final = "titles"
FROM_MODEL: Final = "model"

_UNIT: Final = "one person, with everything they did, in all windows, interests, flows and domains together"
_CLIPPED: Final = (
    "Of each person at most {most} windows count, as many in a row of those with events, beginning at random "
    "for each person apart. In each of them a person adds 1 to the people of the window and a mix of mass 1 "
    "to its shares; between two that follow each other, a transport plan of mass 1 to the flows."
)
_UNIT_OF: Final = {
    PEOPLE: "people",
    SHARES: f"1/{UNITS} of one person's attention in a window",
    FLOWS: f"1/{UNITS} of one person's attention between two windows",
}
_DONE_AFTER: Final = (
    f"Windows before the first and after the last that surely have {SMALLEST_GROUP} people are cut off.",
    "Numbers of people below 0 become 0.",
    "Shares of a window, and of what was held of an interest, are moved to the nearest ones that are not "
    "below 0 and add up to 1.",
    f"Shares of what may come to fewer than {SMALLEST_GROUP} people are left empty.",
)
_TAKEN_AS_PUBLIC: Final = (
    "the titles of the catalogue, from which the interests and their names are made",
    "names that people of the house gave to interests",
    f"when the dataset was imported: all windows from {BEGINS:%Y-%m-%d} until then are looked at, whether or "
    "not anything happened in them",
    "ε, the size of the windows, the level of the interests, and the most windows of a person",
)
_NOT_COVERED: Final = (
    "filters at import that let what one person did decide on what is kept of others (such as a k-core)",
    "exports, pages and downloads other than this release",
    "what the same people did in datasets of other names with other content",
)
_BY_MODEL: Final = (
    "which titles belong together and what their interests are called: they were found with a fine-tuned "
    "model, which learned from people"
)


def statement(terms: Terms, noisy: Mapping[str, Noisy], opendp: str, found_by: str) -> dict[str, Any]:
    """The document of a release, plain JSON. ``noisy``: the tables by name. ``found_by``: ``FROM_TITLES``, or
    ``FROM_MODEL`` where a fine-tuned model had a say in the interests.
    """
    not_covered = [*_NOT_COVERED, _BY_MODEL] if found_by == FROM_MODEL else list(_NOT_COVERED)
    return {
        "epsilon": terms.epsilon,
        "delta": 0,
        "definition": "pure differential privacy: adding or removing one person changes the probability of "
        f"any outcome by a factor of at most exp({terms.epsilon:g})",
        "unit_of_privacy": _UNIT,
        "mechanism": "discrete Laplace noise on whole sums (OpenDP make_laplace), not from a seed",
        "library": "opendp",
        "library_version": opendp,
        "composition": "The ε of the three tables add up (sequential composition).",
        "tables": {name: {**told.facts(), "unit": _UNIT_OF[name]} for name, told in noisy.items()},
        "most_windows_of_a_person": terms.most_windows,
        "clipping": _CLIPPED.format(most=terms.most_windows),
        "k": SMALLEST_GROUP,
        "confidence": CONFIDENCE,
        "intervals": "of the noise alone: in so many cases the same sums without noise lie inside",
        "post_processing": list(_DONE_AFTER),
        "taken_as_public": list(_TAKEN_AS_PUBLIC),
        "not_covered": not_covered,
        "interests_from": found_by,
        "interest_level": terms.level,
        "window_size": terms.window,
    }
