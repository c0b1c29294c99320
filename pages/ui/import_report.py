"""What an import would do, and what it did."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui.phrases import count, listed, plain
from pages.ui.tables import csv_button, show_table
from recsys_core.catalogue.users import DOMAIN_A, DOMAIN_B
from recsys_core.columns import DOMAIN, N_EVENTS, N_ITEMS, N_USERS, TIMESTAMP
from recsys_core.jobs.job import Job
from recsys_core.pipeline import ImportPreview

WORST = 5


def preview_sentence(previews: Sequence[ImportPreview]) -> str:
    """Rows read and set aside, and how many users the domains share."""
    read = sum(preview.n_read for preview in previews)
    bad = sum(preview.n_bad for preview in previews)
    pairs = previews[-1].overlap
    shared = [
        f"{count(row[N_USERS])} users in both {plain(row[DOMAIN_A])} and {plain(row[DOMAIN_B])}"
        for row in pairs.to_dict("records")[:3]
    ]
    text = f"{count(read)} rows read, {count(bad)} set aside"
    return f"{text}; {listed(shared)}." if shared else f"{text}."


def show_preview(preview: ImportPreview, name: str) -> None:
    """The clean rows, the bad ones with their reasons, the domains and the users they share."""
    if preview.problem:
        st.error(preview.problem, icon=":material/error:")
    _show_notes(preview.notes)
    domains, shared = st.columns([3, 2])
    with domains:
        st.markdown("###### By domain")
        show_table(_domains(preview.domains), f"{name}-domains")
    if len(preview.overlap):
        with shared:
            st.markdown("###### Users in both")
            show_table(_overlap(preview.overlap), f"{name}-shared")
    first, bad = st.tabs(["Rows as they will be stored", f"Set aside ({count(preview.n_bad)})"])
    with first:
        st.dataframe(
            preview.first,
            hide_index=True,
            width="stretch",
            key=f"{name}-first",
            column_config={
                TIMESTAMP: st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone="UTC")
            },
            alt="The first rows as they will be stored",
        )
    with bad:
        _show_bad(preview, name)


def show_job_report(job: Job) -> None:
    """What a finished import job brought."""
    result = job.result
    st.success(
        f"{plain(str(result['dataset']))}, version {result['version']}: {count(result['n_read'])} rows read, "
        f"{count(result['n_kept'])} kept, {count(result['n_bad'])} set aside.",
        icon=":material/check_circle:",
    )
    if result.get("reasons"):
        show_table(_reasons(result["reasons"]), f"reasons-{job.id}")
    _show_notes(result.get("notes", ()))
    _offer_quarantine(result, job.id)


def _show_notes(notes: Sequence[str]) -> None:
    if notes:
        st.caption("\n".join(f"- {plain(note)}" for note in notes))


def _offer_quarantine(result: Mapping[str, Any], job_id: int) -> None:
    path = Path(str(result.get("quarantine") or ""))
    if result.get("quarantine") and path.is_file():
        csv_button(pd.read_parquet(path), f"set-aside-{job_id}", "Rows set aside as CSV")


def _show_bad(preview: ImportPreview, name: str) -> None:
    if not preview.n_bad:
        st.caption("Every row could be read.")
        return
    show_table(_reasons(preview.reasons), f"{name}-reasons")
    shown = preview.bad.rename(columns=str.capitalize).astype(str)
    st.dataframe(
        shown, hide_index=True, width="stretch", key=f"{name}-bad", alt="Rows set aside with reasons"
    )


def _reasons(reasons: Mapping[str, int]) -> pd.DataFrame:
    ordered = sorted(reasons.items(), key=lambda pair: -pair[1])
    return pd.DataFrame(ordered, columns=["Why rows were set aside", "Rows"])


def _domains(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Domain": table[DOMAIN],
            "Events": table[N_EVENTS],
            "Users": table[N_USERS],
            "Items": table[N_ITEMS],
            "First": pd.to_datetime(table["first"], utc=True).dt.strftime("%Y-%m-%d"),
            "Last": pd.to_datetime(table["last"], utc=True).dt.strftime("%Y-%m-%d"),
        }
    )


def _overlap(table: pd.DataFrame) -> pd.DataFrame:
    pairs = [f"{a} and {b}" for a, b in zip(table[DOMAIN_A], table[DOMAIN_B], strict=True)]
    return pd.DataFrame({"Domains": pairs, "Users": table[N_USERS]})
