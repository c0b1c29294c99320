import io

from recsys_core.cli.terminal import TerminalProgress


class Screen(io.StringIO):
    def isatty(self):
        return True


def test_a_log_file_gets_a_line_per_stage():
    stream = io.StringIO()
    progress = TerminalProgress(stream)
    progress.stage("Reading")
    progress.advance(1, 2, "rows")
    progress.stage("Saving")
    progress.log("Done.")
    progress.close()
    assert stream.getvalue() == "Reading …\nSaving …\n  Done.\n"


def test_a_terminal_gets_one_line_per_stage_that_is_rewritten():
    stream = Screen()
    progress = TerminalProgress(stream)
    progress.stage("Reading")
    progress.advance(1, 2, "rows")
    progress.metric("loss", 3, 0.25)
    progress.close()
    assert stream.getvalue() == "Reading …\r\x1b[2KReading …  50%  rows  loss 0.25\n"


def test_a_log_line_does_not_make_the_stage_forgotten(monkeypatch):
    monkeypatch.setattr("recsys_core.cli.terminal.LINE_SECONDS", 0.0)
    stream = io.StringIO()
    progress = TerminalProgress(stream)
    progress.stage("Training")
    progress.log("Epoch 1")
    progress.advance(1, 4)
    assert stream.getvalue() == "Training …\n  Epoch 1\nTraining: 25%\n"
