"""The numbers of a running training, and the last lines of a job's log."""

import pandas as pd
import streamlit as st

from pages.ui.curves import newest
from pages.ui.phrases import count
from recsys_core.jobs.device import RAY
from recsys_core.jobs.job import Job, Status
from recsys_core.jobs.place import log_path
from recsys_core.training.metric_names import GPU_MEMORY, ITEMS, MEMORY, RATE, TOKENS, USERS
from recsys_core.workspace.workspace import Workspace

TAIL = 12


def show_pulse(metrics: pd.DataFrame, job: Job) -> None:
    """Pace, learning rate, memory and device of the training that is under way."""
    facts = pulse_facts(newest(metrics), job.device)
    if len(facts) > 1:
        st.caption(" · ".join(facts))


def pulse_facts(now: dict[str, float], device: str) -> list[str]:
    """What is known, as people read it."""
    facts = [f"Computing on **{device_words(device)}**"]
    if USERS in now:
        facts.append(f"**{count(now[USERS])}** users a second")
    if ITEMS in now:
        facts.append(f"**{count(now[ITEMS])}** texts ({count(now[TOKENS])} tokens) a second")
    if RATE in now:
        facts.append(f"learning rate **{now[RATE]:.2g}**")
    if MEMORY in now:
        facts.append(f"**{gigabytes(now[MEMORY])}** of memory")
    if GPU_MEMORY in now:
        facts.append(f"at most **{gigabytes(now[GPU_MEMORY])}** of GPU memory")
    return facts


def device_words(device: str) -> str:
    """What people call the device of a job."""
    return "the Ray cluster" if device == RAY else device or "this machine"


def gigabytes(megabytes: float) -> str:
    """1234 → "1.2 GB"; 340 → "340 MB"."""
    return f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{count(megabytes)} MB"


def show_log_tail(ws: Workspace, job: Job, events: pd.DataFrame, most: int = TAIL) -> None:
    """The ``most`` last lines of the log, open where the job failed, and its whole log file to download."""
    lines = log_lines(events)
    title = f"Log ({len(lines):,} line{'s' * (len(lines) != 1)})"
    with st.expander(title, expanded=job.status in (Status.FAILED, Status.LOST)):
        st.code("\n".join(lines[-most:]) or "Nothing was said.", language=None, wrap_lines=True)
        if job.ended and log_path(ws, job.id).is_file():
            st.download_button(
                "The whole log file",
                data=log_path(ws, job.id).read_bytes,
                file_name=f"job-{job.id}.log",
                mime="text/plain",
                key=f"log-file-{job.id}",
                icon=":material/download:",
                on_click="ignore",
            )


def log_lines(events: pd.DataFrame) -> list[str]:
    """A line per message and change of state: the moment (UTC) and what was said."""
    said = events[events["kind"].isin(["log", "state"])]
    times = said["at"].dt.strftime("%Y-%m-%d %H:%M:%S")
    rows = zip(times, said["name"], said["message"], strict=True)
    return [" ".join(filter(None, (f"{at} ", name, message))) for at, name, message in rows]
