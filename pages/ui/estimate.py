"""What a fine-tune will take, from a short trial of it on this machine that the page does not wait for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.job_pulse import gigabytes
from pages.ui.phrases import count, listed, plain
from pages.ui.progress import active_jobs, duration
from recsys_core.jobs.trial import Trial, find_trial
from recsys_core.training.estimate import Forecast, Measured, forecast
from recsys_core.workspace.workspace import Workspace

EVERY_SECONDS = 1.0


def show_estimate(ws: Workspace, params: Mapping[str, Any], epochs: int) -> None:
    """Time, memory and disk of a fine-tune as a range, and what that rests on; looked for every second
    until the trial is over.
    """
    encoder = params.get("encoder")
    if encoder and not Path(str(encoder)).is_dir():
        st.caption("What it takes with a model that may have to be downloaded first is not known beforehand.")
        return
    first, passes = _look(ws, params), int(params.get("pretrain") or 0)
    waiting = first.measured is None and not first.error

    def panel() -> None:
        trial = _look(ws, params) if waiting else first
        _show(ws, trial, epochs, passes)
        if waiting and (trial.measured or trial.error):
            st.rerun()

    st.fragment(panel, run_every=EVERY_SECONDS if waiting else None, key="finetune-estimate")()


def estimate_sentence(told: Forecast) -> str:
    """Time and memory as ranges, disk at most."""
    return (
        f"**{_range(*told.seconds)}**, {_between(*map(gigabytes, told.memory_mb))} of memory and up to "
        f"{gigabytes(told.disk_mb)} of disk."
    )


def basis_sentence(measured: Measured) -> str:
    """What the estimate rests on."""
    steps = len(measured.step_seconds)
    tried = [f"{steps} step{'s' * (steps > 1)} through users", "one scoring"]
    if measured.teach_speed:
        tried.append(f"the language model learning {count(measured.teach_speed)} tokens a second")
    if measured.pass_seconds:
        tried.append(f"reading the catalogue first, {duration(measured.pass_seconds)} each time")
    return (
        f"Tried on {measured.device}: {listed(tried)}. "
        "The lower end is a training that stops as early as it may; the upper end goes through every epoch "
        "while the machine has other things to do."
    )


def _look(ws: Workspace, params: Mapping[str, Any]) -> Trial:
    return find_trial(ws, params, begin=not active_jobs(ws))


def _show(ws: Workspace, trial: Trial, epochs: int, passes: int) -> None:
    if trial.error:
        st.caption(f"What it takes could not be tried: {plain(trial.error)}")
    elif trial.measured:
        st.markdown(estimate_sentence(forecast(trial.measured, epochs, passes)))
        st.caption(f"{basis_sentence(trial.measured)} It goes on when you close the browser.")
    elif active_jobs(ws):
        st.caption("What it takes is tried as soon as no job is at work, so that the trial disturbs none.")
    else:
        st.caption(":material/hourglass_top: Trying a few steps on this machine to tell what it takes …")


def _range(low: float, high: float) -> str:
    begin, end = duration(low), duration(high)
    return f"{begin[:1].upper()}{begin[1:]}" if begin == end else _sentence(begin, end)


def _sentence(begin: str, end: str) -> str:
    amount, _, unit = begin.removeprefix("about ").partition(" ")
    if unit.rstrip("s") == end.removeprefix("about ").partition(" ")[2].rstrip("s"):
        return f"About {amount} to {end.removeprefix('about ')}"
    return f"{begin[:1].upper()}{begin[1:]} to {end}"


def _between(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"
