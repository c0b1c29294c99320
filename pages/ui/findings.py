"""The headline findings of the dataset in use, in plain sentences, and the next step."""

from dataclasses import dataclass

from pages.ui import transfer_words
from pages.ui.loaded import interests_in_use, migration_in_use, scorecard_in_use, transfer_in_use
from pages.ui.phrases import called, listed, plain
from pages.ui.places import ATLAS, COLD_START, FINETUNE, MIGRATION, SCORECARD, Place
from pages.ui.score_words import verdict_sentence
from pages.ui.state import Selection
from recsys_core.columns import N_EVENTS, NAME
from recsys_core.interests.interests import UNCLEAR, Interests
from recsys_core.migration.sentences import headlines

WINDOW, LEVEL, PROTOCOL = "quarter", 0, "cold-user"


@dataclass(frozen=True)
class Finding:
    """``sentence``: Markdown. ``place``: the page that shows the numbers behind it."""

    sentence: str
    place: Place


@dataclass(frozen=True)
class Step:
    """What to do next, and why."""

    place: Place
    label: str
    why: str


def findings(selection: Selection) -> list[Finding]:
    """What has been found so far; [] where nothing has been computed."""
    if selection.dataset is None:
        return []
    found = []
    for domain in selection.dataset.domains:
        card = scorecard_in_use(selection, PROTOCOL, domain)
        if card is not None and card.verdict is not None:
            found.append(Finding(verdict_sentence(card), SCORECARD))
    matrix = transfer_in_use(selection)
    if matrix is not None:
        found.append(Finding(transfer_words.headline(matrix), SCORECARD))
    interests = interests_in_use(selection)
    if interests is not None:
        found.append(Finding(interests_sentence(interests), ATLAS))
    migration = migration_in_use(selection, WINDOW, LEVEL)
    if interests is not None and migration is not None:
        found += [Finding(plain(sentence), MIGRATION) for sentence in headlines(migration, interests)[:3]]
    return found


def interests_sentence(interests: Interests) -> str:
    """How many interests there are and which are the largest."""
    table = interests.at_level(LEVEL)
    named = table[table[NAME] != UNCLEAR].sort_values(N_EVENTS, ascending=False)
    largest = [called(str(name)) for name in named[NAME].head(3)]
    return f"**{len(named)} broad interests**; the largest are {listed(largest)}."


def next_step(selection: Selection) -> Step:
    """The next thing worth doing with the dataset in use."""
    if selection.run is None:
        return Step(
            FINETUNE, "Fine-tune a model", "Teach a language model how your users move between items."
        )
    if interests_in_use(selection) is None:
        return Step(ATLAS, "Find the interests", "Group the items into named interests and draw the map.")
    if migration_in_use(selection, WINDOW, LEVEL) is None:
        return Step(MIGRATION, "Measure migration", "See where interests go, beyond what chance explains.")
    domains = selection.dataset.domains if selection.dataset else ()
    if len(domains) > 1 and all(scorecard_in_use(selection, PROTOCOL, d) is None for d in domains):
        return Step(SCORECARD, "Score the recommenders", "Find out whether one domain helps in another.")
    return Step(COLD_START, "Preview a cold start", "See what a newcomer would be shown, with reasons.")
