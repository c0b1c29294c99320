"""What the map says, in words."""

import pandas as pd

from pages.ui.atlas_colours import ColourBy
from pages.ui.atlas_layers import LATEST
from pages.ui.atlas_view import OVER_TIME, View
from pages.ui.phrases import called, count, listed, percent
from recsys_core.columns import N_EVENTS, N_ITEMS, NAME, TERMS
from recsys_core.interests.interests import UNCLEAR, Interests
from recsys_core.interests.projection import InterestMap


def headline(interests: Interests, level: int) -> str:
    """As in: 25 interests; the largest are coffee, baking and knives."""
    named = interests.at_level(level)
    named = named[named[NAME] != UNCLEAR]
    largest = named.sort_values(N_EVENTS, ascending=False, kind="stable")[NAME].head(3)
    return f"{len(named)} interests; the largest are {listed([called(name) for name in largest])}."


def stability_in_words(interests: Interests, level: int) -> str:
    """Whether the interests of one level come out again; nothing where that was not measured."""
    stability = interests.stability
    if stability is None:
        return ""
    ari, k = float(stability.ari[level]), interests.levels[level]
    verdict = (
        f"These {k} interests are stable"
        if ari >= 0.8
        else f"These {k} interests are mostly stable"
        if ari >= 0.6
        else f"These {k} interests are one way of many to divide the titles"
    )
    coarser = " Fewer, broader ones are steadier." if ari < 0.6 and level and stability.ari[0] > ari else ""
    return (
        f"{verdict}: found anew on resampled titles, {stability.repeats} times, they agreed to {ari:.2f} "
        f"with those here, mostly between {stability.low[level]:.2f} and {stability.high[level]:.2f} "
        f"(adjusted Rand index: 0 is chance, 1 the same).{coarser}"
    )


def unclear_in_words(interests: Interests, level: int) -> str:
    """How many titles are of no interest; nothing where there is none."""
    unclear = interests.unclear(level)
    if unclear is None:
        return ""
    n = int(interests.table[N_ITEMS].iloc[unclear])
    share = percent(n / interests.item_interest.shape[1])
    if n == 1:
        return f"1 title ({share}) fits none of them or has no text: *{UNCLEAR}*, grey on the map."
    return f"{count(n)} titles ({share}) fit none of them or have no text: *{UNCLEAR}*, grey on the map."


def interest_table(interests: Interests, level: int) -> pd.DataFrame:
    """The interests of one level as the page shows them; how stable each is, where that is known."""
    of_level = interests.at_level(level)
    table = of_level[[NAME, TERMS, N_ITEMS, N_EVENTS]].rename(
        columns={NAME: "Interest", TERMS: "Typical words", N_ITEMS: "Titles", N_EVENTS: "Events"}
    )
    if interests.stability is None:
        return table
    return table.assign(**{"Comes out again (%)": 100 * interests.stability.jaccard[of_level.index]})


def map_in_words(atlas: InterestMap) -> str:
    """How far the picture can be trusted, and how it was made."""
    near = atlas.trustworthiness
    verdict = (
        "Points that lie close together on this map are nearly always alike"
        if near >= 0.95
        else "Points that lie close together on this map are mostly alike"
        if near >= 0.85
        else "Points that lie close together on this map are often, but not always, alike"
    )
    kept, home = percent(atlas.neighbours_kept), percent(atlas.users_near_likes)
    n_items, n_users = count(atlas.n_fitted_items), count(atlas.n_fitted_users)
    return (
        f"**{verdict}** (trustworthiness {near:.2f} of 1). A flat picture cannot keep everything: "
        f"{kept} of each point's 15 nearest in the full space are also among its 15 nearest here, and "
        f"{home} of people lie among titles of their own main interest. Distances, drift and migration "
        "are always computed in the full space, never on the picture.\n\n"
        f"The frame was fitted once, on {n_items} titles and {n_users} people (UMAP); everything else is "
        "placed into it, so nothing jumps when the window changes. The axes have no unit: only nearness "
        "means something.\n\n"
        "In the table under the map, an interest *comes out again* to the share of its titles that it has "
        "in common with the one most like it where titles are resampled (Jaccard overlap, Hennig 2007): "
        "above 75 % it is stable, under 50 % it dissolves."
    )


def map_title(view: View) -> str:
    """What to see on the map."""
    if not view.of_people:
        about = {ColourBy.TIME: "when they were taken", ColourBy.ACTIVITY: "how often they were taken"}
        return f"Titles that are alike lie together; the colour is {about.get(view.by, f'their {view.by}')}"
    if view.kind == OVER_TIME:
        return "People gliding from window to window; the colour is their main interest there"
    when = "where they were last" if view.window == LATEST else f"in {view.window}"
    about = {
        ColourBy.INTEREST: "their main interest",
        ColourBy.DOMAIN: "their main domain",
        ColourBy.TIME: "their last activity",
        ColourBy.ACTIVITY: "how active they were",
        ColourBy.DRIFT: "how far their interests moved",
    }
    return f"People {when}; the colour is {about[ColourBy(view.by)]}"


def gliding_shown(shown: int, total: int) -> str:
    """How many people glide, and out of how many."""
    whom = "people who were active in more than one window"
    if shown >= total:
        return f"{count(total)} {whom}. Faint: not active in that window."
    return (
        f"{count(shown)} of {count(total)} {whom}: a sample with every interest in its share. "
        "Faint: not active in that window."
    )


def arrows_in_words(view: View, chosen: bool, followed: int) -> str:
    """What the arrows stand for, and why there may be none; ``followed``: groups of at least 10 people."""
    when = "from their first window to their last"
    if view.window != LATEST:
        when = f"from the window before to {view.window}"
    whom = "the people selected" if chosen else "the people of each interest"
    if not followed:
        return f"No arrow: fewer than 10 of {whom} can be followed {when}."
    return (
        f"Arrows: where {whom} moved on average, {when}, with their number. No arrow: fewer than 10 people, "
        "or hardly any movement. By chance alone such averages move towards the middle; what is beyond "
        "chance, the migration page tells."
    )


def trails_in_words(drawn: int, chosen: int) -> str:
    """Whose trails are drawn."""
    whom = "the one person" if chosen == 1 else f"the {count(chosen)} people"
    return f"Lines: the trails of {'' if drawn == chosen else f'{count(drawn)} of '}{whom} selected."


def points_shown(shown: int, total: int, kind: str) -> str:
    """How many points there are, and whether they are a sample."""
    if shown == total:
        return f"{count(total)} {kind}."
    return (
        f"{count(shown)} of {count(total)} {kind} shown: a sample with every interest in its share. "
        f"The shading tells where all {count(total)} lie."
    )
