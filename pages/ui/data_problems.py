"""What the import that made a dataset version found wrong with its files."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from pages.ui.phrases import count, listed, plain
from pages.ui.signing_in import while_admitted
from pages.ui.tables import show_table
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.safe_csv import safe_csv

QUARANTINE: Final = "quarantine.parquet"
SHOWN: Final = 10
_LEFT_OUT: Final = {"bad": "set aside", "duplicates": "left out as repeats", "filtered": "left out by a rule"}


def show_problems(info: DatasetInfo) -> None:
    """The problems in sentences, as a table, and the rows set aside as CSV."""
    problems, counts = problems_of(info.manifest), _counts(info.manifest)
    reasons = counts.get("reasons") or {}
    st.markdown(f"#### {problems_title(problems, counts)}")
    st.caption(_of_import(info, counts))
    if len(problems):
        more = len(problems) - SHOWN
        lines = [f"- {plain(text)}" for text in problems["What was found"].head(SHOWN)]
        st.markdown("\n".join([*lines, f"- … and {count(more)} more in the table."] if more > 0 else lines))
        with st.expander("Table and downloads"):
            show_table(problems, "problems")
    if reasons:
        ordered = sorted(reasons.items(), key=lambda pair: -pair[1])
        show_table(pd.DataFrame(ordered, columns=["Why rows were set aside", "Rows"]), "set-aside-reasons")
    _offer_quarantine(info)


def problems_of(manifest: Mapping[str, Any]) -> pd.DataFrame:
    """The problems that a manifest tells of, most rows first: ``About``, ``Kind``, ``Count``,
    ``What was found``. None where it is of before they were written down.
    """
    rows = [
        (
            str(one.get("about", "")),
            str(one.get("kind", "")).replace("_", " ").capitalize(),
            int(one.get("count") or 0),
            str(one.get("text", "")),
        )
        for one in manifest.get("problems") or ()
        if isinstance(one, Mapping)
    ]
    table = pd.DataFrame(rows, columns=["About", "Kind", "Count", "What was found"])
    return table.sort_values("Count", ascending=False, kind="stable", ignore_index=True)


def problems_title(problems: pd.DataFrame, counts: Mapping[str, Any]) -> str:
    """How much was found, in a few words; ``counts``: of the manifest."""
    n_bad, n_read = int(counts.get("bad") or 0), int(counts.get("read") or 0)
    found = (
        f"{count(len(problems))} {'problem' if len(problems) == 1 else 'problems'}" if len(problems) else ""
    )
    aside = f"{count(n_bad)} of {count(n_read)} rows set aside" if n_bad else ""
    if not (found or aside):
        return "Nothing was found at import"
    return f"Found at import: {listed([part for part in (found, aside) if part])}"


def _of_import(info: DatasetInfo, counts: Mapping[str, Any]) -> str:
    """Which import is spoken of, and what became of its rows."""
    files = [str(one["file"]) for one in info.manifest.get("sources") or () if "file" in one]
    which = f"Of the import that made version {info.version}"
    which += (
        f" ({plain(listed(files[:5] if len(files) < 6 else [*files[:4], f'{len(files) - 4} more']))})"
        if files
        else ""
    )
    if "read" not in counts:
        return f"{which}."
    words = {"read": "rows read", "kept": "kept", **_LEFT_OUT}
    parts = [f"{count(counts[key])} {word}" for key, word in words.items() if counts.get(key)]
    return f"{which}: {listed(parts)}."


def _counts(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    counts = manifest.get("counts")
    return counts if isinstance(counts, Mapping) else {}


def _offer_quarantine(info: DatasetInfo) -> None:
    path = info.folder / QUARANTINE
    if path.is_file():
        st.download_button(
            "Rows set aside as CSV",
            data=while_admitted(lambda: safe_csv(pd.read_parquet(path))),
            file_name=f"{info.name}-{info.version}-set-aside.csv",
            mime="text/csv",
            key="csv-set-aside",
            icon=":material/download:",
            on_click="ignore",
        )
