"""What went wrong with a job, in a plain sentence, and what to do about it."""

import errno
import signal
from dataclasses import dataclass

from recsys_core.errors import DriftmapError, InputError, OutageError
from recsys_core.training.trouble import DivergedError, ran_out_of_memory

SEE_LOG = "Resume it; if it fails again, the job's log file tells where."


@dataclass(frozen=True)
class Failure:
    """``error``: what happened; ``remedy``: what to do. Both are sentences for users."""

    error: str
    remedy: str


def explain(error: BaseException) -> Failure:
    """The failure behind an exception. The traceback belongs in the log, not here."""
    if isinstance(error, InputError | OutageError | DivergedError):
        return Failure(error.problem, error.remedy)
    if isinstance(error, DriftmapError):
        return Failure(str(error), "Mend that, then resume the job.")
    if ran_out_of_memory(error):
        return Failure(
            "The machine ran out of memory.", "Close other programs or use fewer items, then resume."
        )
    of_disk = _of_disk(error)
    return of_disk or Failure(f"Driftmap failed in a way it should not ({type(error).__name__}).", SEE_LOG)


def _of_disk(error: BaseException) -> Failure | None:
    if (isinstance(error, OSError) and error.errno == errno.ENOSPC) or "(os error 28)" in str(error):
        return Failure("The disk is full.", "Free some space, then resume the job.")
    if isinstance(error, OSError) and error.errno == errno.EROFS:
        return Failure("The disk of the workspace is read-only.", "Make it writable, then resume the job.")
    if isinstance(error, PermissionError):
        return Failure(
            f"The file {error.filename} may not be used.", "Allow access to it, then resume the job."
        )
    return None


def explain_exit(code: int) -> Failure:
    """The failure behind a process that ended without a word; negative ``code``: by that signal."""
    if code == -signal.SIGKILL:
        return Failure(
            "The system ended the job's process, most likely because memory ran out.",
            "Close other programs or use fewer items, then resume the job.",
        )
    if code < 0:
        return Failure(f"The job's process was ended by {signal.Signals(-code).name}.", SEE_LOG)
    return Failure(f"The job's process ended with code {code} and said nothing.", SEE_LOG)


COPIED = Failure(
    "The workspace was restored from a backup that was made while the job was at work.", "Resume the job."
)
LOST = Failure("The job's process is gone, for example because the machine was restarted.", "Resume the job.")
