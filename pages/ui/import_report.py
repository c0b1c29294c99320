"""What an import would do, and what it did."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
import streamlit as st

from pages.ui.import_sample import Extent
from pages.ui.phrases import count, percent, plain
from pages.ui.signing_in import while_admitted
from pages.ui.tables import csv_button, show_table
from recsys_core.catalogue.users import DOMAIN_A, DOMAIN_B
from recsys_core.columns import DOMAIN, N_EVENTS, N_ITEMS, N_USERS, TIMESTAMP
from recsys_core.jobs.job import Job
from recsys_core.logs.quarantine import tell_reasons
from recsys_core.pipeline import ImportPreview
from recsys_core.workspace.requests import Finding
from recsys_core.workspace.safe_csv import safe_csv

MOST_PAIRS: Final = 3
PROMINENT: Final = (
    "personal-data",
    "no-zone",
    "disagreeing-items",
    "alike-users",
    "alike-items",
    "no-overlap",
    "malformed-items",
    "disagreeing-people",
    "malformed-people",
)
"""The kinds of findings that people should act on before they import."""
_COLUMNS: Final = {
    "user_id": "User",
    "item_id": "Item",
    "domain": "Domain",
    "timestamp": "Time (UTC)",
    "event": "Event",
    "weight": "Weight",
    "session_id": "Session",
}


def preview_sentence(preview: ImportPreview, extent: Extent | None = None) -> str:
    """Rows read and set aside, and how many users the domains share."""
    read = f"{count(preview.n_read)} rows read"
    if preview.sampled and extent is not None and extent.rows:
        read = f"The first {count(preview.n_read)} of about {count(extent.rows)} rows read"
    elif preview.sampled:
        read = f"The first {count(preview.n_read)} rows read"
    parts = [read, f"{count(preview.n_bad)} set aside", *_shared(preview.overlap)]
    return f"{', '.join(parts)}."


def outcome_sentence(preview: ImportPreview) -> str:
    """What becomes of the rows that were read."""
    parts = [f"**{count(preview.n_kept)} rows would be kept**"]
    if preview.n_repeats:
        parts.append(f"{count(preview.n_repeats)} are repeats")
    if preview.n_left_out:
        parts.append(f"{count(preview.n_left_out)} are left out by the rules above")
    if preview.n_bad:
        parts.append(f"{count(preview.n_bad)} ({percent(preview.n_bad / preview.n_read)}) cannot be used")
    return f"{'; '.join(parts)}."


def show_preview(preview: ImportPreview) -> None:
    """What is to be known first, the domains and the users they share, rows as stored and rows set aside."""
    if preview.problem:
        st.error(plain(preview.problem), icon=":material/error:")
    st.markdown(outcome_sentence(preview))
    _show_findings(preview.findings)
    domains, shared = st.columns([3, 2])
    with domains:
        st.markdown("###### By domain")
        show_table(_domains(preview.domains), "preview-domains")
    if len(preview.overlap):
        with shared:
            st.markdown("###### Users in both")
            show_table(_overlap(preview.overlap), "preview-shared")
    first, bad = st.tabs(["Rows as they will be stored", f"Set aside ({count(preview.n_bad)})"])
    with first:
        _show_first(preview.first)
    with bad:
        _show_bad(preview)


def show_job_report(job: Job) -> None:
    """What a finished import job brought."""
    result = job.result
    parts = [f"{count(result['n_read'])} rows read", f"{count(result['n_kept'])} kept"]
    parts.append(f"{count(result['n_bad'])} set aside")
    for name, word in (("n_duplicates", "left out as repeats"), ("n_left_out", "left out by the rules")):
        parts += [f"{count(result[name])} {word}"] if result.get(name) else []
    st.success(
        f"{plain(str(result['dataset']))}, version {result['version']}: {', '.join(parts)}.",
        icon=":material/check_circle:",
    )
    notes = [str(note) for note in result.get("notes", ())]
    if notes or result.get("reasons"):
        with st.expander("What the import noticed"):
            if result.get("reasons"):
                show_table(_reasons(result["reasons"]), f"reasons-{job.id}")
            st.markdown("\n".join(f"- {plain(note)}" for note in notes))
    _offer_quarantine(result, job)


def _shared(overlap: pd.DataFrame) -> list[str]:
    """How many users two domains share; of more than two the pairs that share most."""
    rows = overlap.sort_values(N_USERS, ascending=False, kind="stable").to_dict("records")
    if len(rows) == 1:
        return [f"{count(rows[0][N_USERS])} users shared by both domains"]
    rows = [row for row in rows if row[N_USERS]]
    if len(overlap) and not rows:
        return ["no users shared by any two domains"]
    return [
        f"{count(row[N_USERS])} users shared by {plain(row[DOMAIN_A])} and {plain(row[DOMAIN_B])}"
        for row in rows[:MOST_PAIRS]
    ]


def _show_findings(findings: Sequence[Finding]) -> None:
    """Those that people should act on stand out; the rest is a list."""
    warnings = [plain(one.text) for one in findings if one.kind in PROMINENT]
    notes = [plain(one.text) for one in findings if one.kind not in PROMINENT]
    if warnings:
        lines = warnings if len(warnings) == 1 else [f"- {text}" for text in warnings]
        st.warning("\n".join(lines), icon=":material/warning:")
    if notes:
        st.caption("\n".join(f"- {text}" for text in notes))


def _show_first(first: pd.DataFrame) -> None:
    shown = first.rename(columns=_COLUMNS)
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        key="preview-first",
        column_config={
            _COLUMNS[TIMESTAMP]: st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm:ss", timezone="UTC")
        },
        alt="The first rows as they will be stored",
    )


def _show_bad(preview: ImportPreview) -> None:
    if not preview.n_bad:
        st.caption("Every row could be read.")
        return
    st.markdown(f"{plain(tell_reasons(preview.reasons)).capitalize()}.")
    shown = preview.bad.fillna("").rename(
        columns={**{c: c.capitalize() for c in preview.bad}, "text": "Line as it stands"}
    )
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        key="preview-bad",
        column_config={"Line": st.column_config.NumberColumn(format="localized", width="small")},
        alt="Rows set aside with reasons",
    )
    csv_button(shown, "set-aside", "Rows set aside as CSV")
    if preview.n_bad > len(shown):
        st.caption(f"The first {count(len(shown))} of {count(preview.n_bad)}. The import keeps all of them.")


def _offer_quarantine(result: Mapping[str, Any], job: Job) -> None:
    path = Path(str(result.get("quarantine") or ""))
    if result.get("quarantine") and path.is_file():
        st.download_button(
            "Rows set aside as CSV",
            data=while_admitted(lambda: safe_csv(pd.read_parquet(path))),
            file_name=f"{job.dataset}-{result['version']}-set-aside.csv",
            mime="text/csv",
            key=f"csv-set-aside-{job.id}",
            icon=":material/download:",
            on_click="ignore",
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
