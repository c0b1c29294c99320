import errno

import pytest

from recsys_core.errors import InputError, ResourceError
from recsys_core.jobs.failures import Failure, explain, explain_exit
from recsys_core.training.trouble import DivergedError


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (InputError("No column.", "Add one."), "No column."),
        (ResourceError("The weights are missing."), "The weights are missing."),
        (MemoryError(), "The machine ran out of memory."),
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full."),
        (OSError("I/O error: No space left on device (os error 28)"), "The disk is full."),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "The machine ran out of memory."),
        (DivergedError("The loss became nan.", "Start again."), "The loss became nan."),
        (KeyError("secret"), "Driftmap failed in a way it should not (KeyError)."),
    ],
)
def test_every_failure_is_a_sentence_with_a_remedy(error, sentence):
    failure = explain(error)
    assert failure.error == sentence
    assert failure.remedy.endswith(".")


def test_an_exit_without_words_is_explained():
    assert explain_exit(-15) == Failure(
        "The job's process was ended by SIGTERM.",
        "Resume it; if it fails again, the job's log file tells where.",
    )
    assert "memory" in explain_exit(-9).error
    assert "code 3" in explain_exit(3).error
