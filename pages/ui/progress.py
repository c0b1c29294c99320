"""A job as it goes: its stage, how far it is, the time left, its curves. The timer stops with the job."""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from pages.ui.curves import newest, show_curves
from pages.ui.job_pulse import show_log_tail, show_pulse
from pages.ui.phrases import plain
from pages.ui.signing_in import allowed, may
from pages.ui.state import ledger
from recsys_core.access import Role
from recsys_core.errors import DriftmapError
from recsys_core.jobs.device import RAY
from recsys_core.jobs.job import Job, Status
from recsys_core.training.metric_names import LEFT
from recsys_core.workspace.workspace import Workspace

EVERY_SECONDS = 1.0
CURVES_SECONDS = 2.0  # drawing charts is work for the browser
STATUS_WORDS = {
    Status.QUEUED: "waiting",
    Status.RUNNING: "running",
    Status.CANCELLING: "stopping",
    Status.FINISHED: "finished",
    Status.FAILED: "failed",
    Status.CANCELLED: "cancelled",
    Status.LOST: "interrupted",
}


def active_jobs(ws: Workspace, dataset: str = "") -> list[Job]:
    """What is waiting or running, oldest first; only what concerns ``dataset`` where given."""
    return [job for job in ledger(ws).queue() if not dataset or job.dataset in ("", dataset)]


def watch(ws: Workspace, job: Job, *, curves: bool = False) -> None:
    """Show ``job``, every second or two while it is under way; the page is drawn anew when it ends, and
    at every new stage, because one may have left something new to show.
    """
    every = None if job.ended else CURVES_SECONDS if curves else EVERY_SECONDS
    before = (job.status, job.stage)

    def panel() -> None:
        if not may(Role.VIEWER):
            st.rerun()  # the role was taken away, which the frame tells
        now = ledger(ws).job(job.id)
        show_job(ws, now, curves=curves)
        if every is not None and (now.status, now.stage) != before:
            st.rerun()  # after drawing, which lets a click on another page through; a rerun swallows it

    st.fragment(panel, run_every=every, key=f"watch-{job.id}")()


def show_job(ws: Workspace, job: Job, *, curves: bool = False) -> None:
    """One look at a job: title, stage, bar, time left; what went wrong and what to do; its curves."""
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{plain(job.title)}** · {STATUS_WORDS[job.status]}{_since(job)}", width="content")
            _cancel_or_resume(ws, job)
        if job.error:
            st.error(plain(f"{job.error} {job.remedy}"), icon=":material/error:")
        if job.status is Status.QUEUED:
            st.caption(_waits(ws, job))
        elif not job.ended:
            _bar(ws, job)
        if job.resumable and job.kind == "finetune" and job.started:
            st.caption(
                "Resumed, it goes on after its last whole epoch, to the same model as without a break."
            )
        if stopped := _stopped(job):
            st.warning(plain(stopped), icon=":material/warning:")
        if curves:
            events = ledger(ws).events(job.id)
            metrics = events[events["kind"] == "metric"]
            if not job.ended:
                show_pulse(metrics, job)
            show_curves(metrics, job.id)
            show_log_tail(ws, job, events)


def time_left(ws: Workspace, job: Job) -> float | None:
    """Seconds the present stage will still take; None while that is unknown.

    A training says it itself; else it is told from the stage's pace so far.
    """
    if _trains(job):
        return newest(ledger(ws).events(job.id, kind="metric")).get(LEFT)
    progress = ledger(ws).events(job.id, kind="progress")
    rows = progress[progress["name"] == job.stage]
    fraction = job.fraction
    if rows.empty or not fraction or fraction < 0.02:
        return None
    start = pd.Timestamp(rows["at"].iloc[0])
    start = start.tz_localize(UTC) if start.tzinfo is None else start
    spent = (pd.Timestamp(datetime.now(UTC)) - start).total_seconds()
    return spent * (1 - fraction) / fraction if spent > 2 else None


def duration(seconds: float) -> str:
    """90 → "about 2 minutes"; 20 → "20 seconds"."""
    if seconds < 59.5:
        return f"{max(1, round(seconds))} second{'s' * (round(seconds) > 1)}"
    if seconds < 5400:
        minutes = round(seconds / 60)
        return f"about {minutes} minute{'s' * (minutes > 1)}"
    return f"about {seconds / 3600:.1f} hours"


def _bar(ws: Workspace, job: Job) -> None:
    left = time_left(ws, job)
    text = job.stage or "Starting"
    text += f": {plain(job.message)}" if job.message else ""
    in_step = job.kind == "demo" or (job.kind == "finetune" and not _trains(job))
    ending = "left in this step" if in_step else "left"
    most = "at most " if _trains(job) else ""
    text += f" · {most}{duration(left)} {ending}" if left is not None and left > 3 else ""
    st.progress(job.fraction or 0.0, text=text)


def _trains(job: Job) -> bool:
    """Whether it is in the long step of a fine-tune, which says itself how long it will take."""
    return job.kind == "finetune" and job.stage == "Fine-tuning"


def _since(job: Job) -> str:
    return f" · {duration(job.seconds)} so far" if job.started and not job.ended else ""


def _waits(ws: Workspace, job: Job) -> str:
    if job.device == RAY:
        return job.message or "Waits for the Ray cluster."
    line = ledger(ws).queue(job.device)
    ids = [other.id for other in line]
    place = ids.index(job.id) if job.id in ids else 0
    if place == 0:
        return "Starting."
    first = line[0]  # before its training, a fine-tune only knows what its present step takes
    known = first.kind != "finetune" or _trains(first)
    return queue_words(place, first, time_left(ws, first) if known else None)


def queue_words(place: int, running: Job, left: float | None) -> str:
    """Where a waiting job stands; ``running``: the job that has the device."""
    nth = "Next in line" if place == 1 else f"Number {place} in line"
    most = "at most " if running.kind == "finetune" else ""
    soon = f" ({most}{duration(left)} left)" if left is not None and left > 3 else ""
    return f"{nth} for {running.device}: one job runs at a time, now *{plain(running.title)}*{soon}."


def _stopped(job: Job) -> str:
    metrics = job.result.get("metrics")
    return str(metrics.get("stopped", "")) if isinstance(metrics, dict) else ""


def _cancel_or_resume(ws: Workspace, job: Job) -> None:
    if job.status is Status.CANCELLING:
        st.button("Stopping", key=f"stopping-{job.id}", disabled=True)
    elif not job.ended:
        _act_button(ws, job, "Cancel", "request_cancel")
    elif job.resumable:
        _act_button(ws, job, "Resume", "resume")


def _act_button(ws: Workspace, job: Job, label: str, action: str) -> None:
    st.button(
        label,
        key=f"{label.lower()}-{job.id}",
        on_click=_do,
        args=(ws, action, job.id),
        **allowed(Role.ANALYST),
    )


def _do(ws: Workspace, action: str, job_id: int) -> None:
    try:
        getattr(ledger(ws), action)(job_id)
    except DriftmapError as error:
        st.toast(plain(str(error)), icon=":material/error:")
