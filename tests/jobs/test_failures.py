import errno

import pytest

from recsys_core.errors import InputError, ResourceError
from recsys_core.jobs.failures import Failure, explain, explain_exit


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (InputError("No column.", "Add one."), "No column."),
        (ResourceError("The weights are missing."), "The weights are missing."),
        (MemoryError(), "The machine ran out of memory."),
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full."),
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
