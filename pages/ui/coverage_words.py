"""What the charts of the coverage page show, in words made from their numbers; for Markdown."""

import pandas as pd

from pages.ui.phrases import count, listed, percent, plain
from recsys_core.catalogue.coverage import ELSEWHERE, EVENTS
from recsys_core.columns import DOMAIN, N_ITEMS, N_USERS, SHARE

FEW_EVENTS = 5
MANY_EVENTS = 20


def users_title(domains: pd.DataFrame) -> str:
    """Whose users are known elsewhere too; ``domains``: of ``domain_summary``, two or more."""
    share = (domains[ELSEWHERE] / domains[N_USERS].clip(lower=1)).set_axis(domains[DOMAIN])
    low, high = str(share.idxmin()), str(share.idxmax())
    if percent(share.min()) == percent(share.max()):  # what reads alike is alike to the reader
        return f"{percent(share.min())} of each domain's users are in another domain too"
    return (
        f"{percent(share[high])} of the users of {plain(high)} are in another domain too, "
        f"but {percent(share[low])} of those of {plain(low)}"
    )


def per_user_title(per_user: pd.DataFrame) -> str:
    """How many users have some, how many have many events; ``per_user``: of ``events_per_user``."""
    share = per_user[per_user[DOMAIN] == ""].set_index(EVENTS)[SHARE]
    some, many = float(share[FEW_EVENTS]), float(share[MANY_EVENTS])
    who = "All users" if some == 1 else f"{percent(some)} of users"
    first = f"{who} have {FEW_EVENTS} events or more"
    if some < 0.5:
        first = f"{percent(1 - some)} of users have fewer than {FEW_EVENTS} events"
    return f"{first}, {percent(many)} have {MANY_EVENTS} or more" if many else first


def text_title(text: pd.DataFrame) -> str:
    """Where text is missing; ``text``: of ``text_coverage``."""
    if (text["share_items"] == 1).all():
        return "Every item has text"
    poorest = text.loc[text["share_items"].idxmin()]
    silent = int(poorest[N_ITEMS] - poorest["with_text"])
    items, events = (percent(1 - poorest[part]) for part in ("share_items", "share_events"))
    return (
        f"{count(silent)} items of {plain(poorest[DOMAIN])} have no text: {items} of its items, "
        f"with {events} of its events"
    )


def tail_title(tail: pd.DataFrame) -> str:
    """How much the few most taken items hold; ``tail``: of ``long_tail``."""
    steep, flat = tail.loc[tail["top_10"].idxmax()], tail.loc[tail["top_10"].idxmin()]
    most, least = percent(steep["top_10"]), percent(flat["top_10"])
    where = "every domain" if most == least and len(tail) > 1 else plain(steep[DOMAIN])
    first = f"In {where} a tenth of the items holds {most} of the events"
    return first if most == least else f"{first}, in {plain(flat[DOMAIN])} {least}"


def once_sentence(tail: pd.DataFrame) -> str:
    """Items of which next to nothing is known by who took them."""
    told = [
        f"{count(row['once'])} of {count(row[N_ITEMS])} in {plain(row[DOMAIN])}"
        for row in tail.to_dict("records")
        if row["once"]
    ]
    return f"Items with a single event: {listed(told)}." if told else "No item has a single event only."
