"""What will it cost, and how is it going? Start a fine-tune, watch it, cancel it, resume it."""

import streamlit as st

from pages.ui.empty import require_dataset, submit
from pages.ui.estimate import show_estimate
from pages.ui.feedback_choice import choose_feedback
from pages.ui.job_log import when
from pages.ui.phrases import count, plain
from pages.ui.places import FINETUNE, RUNS, link, page_header
from pages.ui.progress import active_jobs, duration, show_job, watch
from pages.ui.run_words import DEFAULT_EPOCHS
from pages.ui.signing_in import allowed, may
from pages.ui.state import Selection, current, ledger
from recsys_core.access import Role
from recsys_core.jobs.job import Job
from recsys_core.training.options import AUTO, DEFAULT_MINUTES, Mode
from recsys_core.workspace.records import DatasetInfo

WILL_SHOW = "This page will start the training of a model on your logs and show how it goes."
KINDS = ("finetune", "demo")
MODES = {
    AUTO: (
        "The best in a given time",
        "Quick first, then full and light if there is time for them. The one that does best on held-out "
        "users is put to use.",
    ),
    "head": (
        "Quick",
        "The language model stays as it is; what is learned is how people move between items. Minutes.",
    ),
    "lora": (
        "Light",
        "Small additions to the language model learn too (LoRA). Slower; compare it on the runs page.",
    ),
    "full": (
        "Full",
        "The whole language model learns your catalogue. The slowest; compare it on the runs page.",
    ),
}


def choose_options(selection: Selection, info: DatasetInfo) -> dict[str, object]:
    """The form: mode, epochs, seed, language model; what it will cost. Half-filled, it survives a page
    change.
    """
    mode = st.radio(
        "How much of the language model learns",
        list(MODES),
        format_func=lambda m: MODES[m][0],
        captions=[text for _, text in MODES.values()],
        key="finetune-mode",
        persist_state="session",
    )
    left, right = st.columns(2)
    epochs = left.number_input(
        "Epochs at most",
        min_value=1,
        max_value=200,
        value=DEFAULT_EPOCHS,
        key="finetune-epochs",
        persist_state="session",
        help="One epoch goes through all users once. Training stops earlier when it no longer gets better.",
    )
    seed = right.number_input(
        "Seed",
        min_value=0,
        max_value=2**31 - 1,
        value=0,
        key="finetune-seed",
        persist_state="session",
        help="The same seed on the same data gives the same model. Another one shows how much is luck.",
    )
    options = {
        "mode": mode,
        "epochs": int(epochs),
        "seed": int(seed),
        "version": info.version,
        **choose_language_model(),
    }
    tried = {"dataset": info.name, **options} | ({"mode": Mode.HEAD.value} if mode == AUTO else {})
    if may(Role.ANALYST):
        first = "The quick way" if mode == AUTO else "It"
        st.caption(
            f"{count(info.n_users)} users, {count(info.n_items)} items, {count(info.n_events)} events. "
            f"{first} will take:"
        )
        show_estimate(selection.ws, tried, int(epochs))
    options |= choose_feedback(selection, info)
    return options | ({"minutes": choose_minutes()} if mode == AUTO else {})


def choose_minutes() -> float:
    """How long the best way is looked for."""
    minutes = st.number_input(
        "Minutes to look for the best",
        min_value=1,
        max_value=10_000,
        value=int(DEFAULT_MINUTES),
        key="finetune-minutes",
        persist_state="session",
        help="The quick way is tried however long it takes. A slower way is tried only where it will be over "
        "in time; the log says which were left out.",
    )
    return float(minutes)


def choose_language_model() -> dict[str, object]:
    """The part of the form that few need: another language model, and reading the catalogue first."""
    chosen = any(st.session_state.get(key) for key in ("finetune-encoder", "finetune-pretrain"))
    with st.expander("More about the language model", expanded=chosen):
        pretrain = st.number_input(
            "Times it reads the catalogue first",
            min_value=0,
            max_value=50,
            value=0,
            key="finetune-pretrain",
            persist_state="session",
            help="Called pre-training. The runs page tells whether it made the model better.",
        )
        st.caption(
            "Before all else, the language model guesses missing words in all item texts. That may "
            "help where a catalogue has a language of its own; each time takes about "
            "as long as an epoch of *Full*."
        )
        encoder = st.text_input(
            "Another language model: folder or Hugging Face name",
            key="finetune-encoder",
            persist_state="session",
            placeholder="all-MiniLM-L6-v2, which comes with Driftmap",
            help="Any sentence encoder with safetensors weights. A name is downloaded once.",
        )
    return {"pretrain": int(pretrain), "encoder": encoder.strip() or None}


def last_job(selection: Selection, info: DatasetInfo) -> Job | None:
    """The fine-tune of the dataset that ended last."""
    jobs = ledger(selection.ws).jobs(200)
    ended = [j for j in jobs if j.ended and j.kind == KINDS[0] and j.dataset == info.name]
    return max(ended, key=lambda job: job.finished or job.created, default=None)


def notice_others(selection: Selection, seen: list[int]) -> None:
    """Draw the page anew when a job begins elsewhere: in another window, or on the command line."""

    def look() -> None:
        if not may(Role.VIEWER):
            st.rerun()  # the role was taken away, which the frame tells
        now = [job.id for job in active_jobs(selection.ws, info.name) if job.kind in KINDS]
        if set(now) - set(seen):
            st.rerun()

    st.fragment(look, run_every=2.0, key="finetune-others")()


def show_last(selection: Selection, job: Job) -> None:
    """How the last fine-tune ended: its curves, or what went wrong."""
    st.markdown("#### The last fine-tune")
    if job.finished:
        st.caption(f"Ended {when(job.finished)} after {duration(job.seconds)}.")
    show_job(selection.ws, job, curves=True)
    if job.result.get("run"):
        st.markdown(f"It made the model *{plain(str(job.result.get('name', '')))}*.")
        link(RUNS, "Compare models")


selection = current()
page_header(FINETUNE.title, FINETUNE.question)
info = require_dataset(selection, WILL_SHOW)
under_way = [job for job in active_jobs(selection.ws, info.name) if job.kind in KINDS]
for job in under_way:
    watch(selection.ws, job, curves=True)
notice_others(selection, [job.id for job in under_way])
if not under_way:
    st.markdown(f"##### Train a model on *{plain(info.name)}*")
with st.expander("Start another", expanded=False) if under_way else st.container(border=True):
    options = choose_options(selection, info)
    pressed = st.button(
        "Start the fine-tune",
        type="primary",
        icon=":material/play_arrow:",
        key="finetune-start",
        **allowed(Role.ANALYST),
    )
    if pressed and submit(
        selection.ws,
        "finetune",
        {"dataset": info.name, **options},
        title=f"Fine-tune on {info.name}",
        dataset=info.name,
    ):
        st.rerun()
last = last_job(selection, info)
if last is not None:
    show_last(selection, last)
