"""Options that take several values: ``--items a b`` and ``--map user=uid item=iid``."""

from collections.abc import Sequence

FILES = ("--items", "--people")
SEVERAL = (*FILES, "--map", "--event")


def spread(arguments: Sequence[str]) -> list[str]:
    """Repeat an option before each of its values: ``--map a=b c=d`` → ``--map a=b --map c=d``.

    Only for ``import``. ``--items`` and ``--people`` take everything up to the next option; ``--map`` and
    ``--event`` take what has a "=" in it.
    """
    if "import" not in arguments:
        return list(arguments)
    made: list[str] = []
    taking, first = "", False
    for argument in arguments:
        if argument.startswith("-"):
            taking, first = (argument if argument in SEVERAL else ""), True
            made.append(argument)
            continue
        if taking and not first and (taking in FILES or "=" in argument):
            made.append(taking)
        elif not first:
            taking = ""
        made.append(argument)
        first = False
    return made
