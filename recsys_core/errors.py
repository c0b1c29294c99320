"""The exception tree. Everything the house raises on purpose is a DriftmapError.

A message says what was received, the rule it breaks, and what to do about it.
"""


class DriftmapError(Exception):
    """Base of every error raised on purpose; the command line exits with ``exit_code``."""

    exit_code = 1


class InputError(DriftmapError):
    """The input or the usage is at fault, and the message names the remedy."""

    exit_code = 2

    def __init__(self, problem: str, remedy: str) -> None:
        """``problem``: what was received and the rule it breaks; ``remedy``: what to do."""
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy


class NotFoundError(InputError):
    """A dataset, run, job, user or item by that name does not exist."""


class NotEnoughDataError(InputError):
    """The data is well-formed but too small for what was asked."""


class ConflictError(InputError):
    """Somebody else changed meanwhile what was to be changed; the message says who, to what and when."""


class AccessError(InputError):
    """Whoever asks may not do this; the message names the role it takes."""


class ResourceError(DriftmapError):
    """The machine lacks something (disk, memory, a file of weights); the message names it."""


class OutageError(ResourceError):
    """The catalogue or the object store can't be reached: its server does not answer, or another process
    holds it for too long. It may work a moment later.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        """``problem``: which it is, and what it said; ``remedy``: what to do."""
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy


class CancelledError(DriftmapError):
    """The user asked for the work to stop."""

    exit_code = 130
