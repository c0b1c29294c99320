"""Two people who change the same thing: the second is told, instead of undoing what the first did.

An edit carries what its editor saw; where that is no longer so, it is refused.
"""

from collections.abc import Sequence

from sqlalchemy import Engine

from recsys_core.errors import ConflictError
from recsys_core.workspace.audit import newest
from recsys_core.workspace.records import AnyValue


def check_seen(
    engine: Engine,
    seen: str | AnyValue | None,
    now: str | None,
    acts: str | Sequence[str],
    target: str,
    text: str,
) -> None:
    """Raise ConflictError where ``seen`` (ANY: not looked at) is not what is there ``now``.

    ``acts``, ``target``: as the audit knows the change, to tell who made it and when; ``text``: what is so
    now, e.g. "It is called 'run 2' now".
    """
    if isinstance(seen, AnyValue) or seen == now:
        return
    entry = newest(engine, [acts] if isinstance(acts, str) else acts, target)
    who = f", changed by {entry.who} on {entry.at:%Y-%m-%d at %H:%M} UTC" if entry else ""
    remedy = "Look at it again, then change it if you still wish."
    raise ConflictError(f"{text}{who}, after you had looked.", remedy)
