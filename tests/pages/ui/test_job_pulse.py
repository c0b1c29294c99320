import pandas as pd

from pages.ui.job_pulse import gigabytes, log_lines, pulse_facts


def test_what_is_known_of_a_training_is_told() -> None:
    assert pulse_facts({}, "cpu") == ["Computing on **cpu**"]
    now = {"users per second": 1204.4, "items per second": 95.2, "tokens per second": 3100.0}
    now |= {"learning rate": 0.00157, "memory (MB)": 1234.0, "peak GPU memory (MB)": 340.0}
    assert pulse_facts(now, "cuda:0") == [
        "Computing on **cuda:0**",
        "**1,204** users a second",
        "**95** texts (3,100 tokens) a second",
        "learning rate **0.0016**",
        "**1.2 GB** of memory",
        "at most **340 MB** of GPU memory",
    ]
    assert gigabytes(999.0) == "999 MB"


def test_the_log_says_states_and_messages() -> None:
    at = pd.to_datetime(["2026-01-02 03:04:05"] * 3, utc=True)
    events = pd.DataFrame(
        {
            "at": at,
            "kind": ["state", "metric", "log"],
            "name": ["running", "loss", ""],
            "message": ["", "", "Hi."],
        }
    )
    assert log_lines(events) == ["2026-01-02 03:04:05  running", "2026-01-02 03:04:05  Hi."]
