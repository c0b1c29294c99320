"""What changed between two versions of the dataset in use."""

from datetime import datetime

import pandas as pd
import streamlit as st

from pages.ui.covered import compared
from pages.ui.phrases import listed, plain
from pages.ui.state import Selection
from pages.ui.tables import show_table
from recsys_core.workspace.comparing import DomainChange, VersionComparison, comparison_sentence
from recsys_core.workspace.making import shortened
from recsys_core.workspace.records import DatasetInfo


def show_changes(selection: Selection, info: DatasetInfo) -> None:
    """Two pickers, a sentence and tables; nothing where there is one version only."""
    versions = {one.version: one for one in selection.ws.versions(info.name)}
    if len(versions) < 2:
        return
    st.markdown("#### What changed between versions")
    before, after = _pick(info.name, versions)
    if before == after:
        st.info("Choose two different versions.", icon=":material/compare_arrows:")
        return
    found = compared(selection, versions[before], versions[after])
    st.markdown(f"{comparison_sentence(found)} {unchanged(found)}")
    table = changes_table(found)
    if len(table):
        show_table(table, "version-changes")
    with st.expander("Dates, and how the versions were made"):
        show_table(dates_table(found), "version-dates")
        _show_making(found)


def changes_table(found: VersionComparison) -> pd.DataFrame:
    """Three rows a domain that changed: its events, users and items in both versions, and what came and went.

    All domains together come first.
    """
    changed = [one for one in found.domains if _changed(one)]
    changes = [found.total, *changed] if changed and len(found.domains) > 1 else changed
    rows = [
        (_name(change), what, one.a, one.b, one.added, one.removed)
        for change in changes
        for what, one in (("Events", change.events), ("Users", change.users), ("Items", change.items))
    ]
    names = [f"Version {number}" for number in (found.a, found.b)]
    return pd.DataFrame(rows, columns=["Domain", "What", *names, "Added", "Removed"])


def unchanged(found: VersionComparison) -> str:
    """Which domains hold the same events in both; "" where all do or none does."""
    same = [plain(one.domain) for one in found.domains if not _changed(one)]
    return f"Nothing changed in {listed(same)}." if same and not found.same_events else ""


def dates_table(found: VersionComparison) -> pd.DataFrame:
    """The first and the last event of each domain in both versions."""
    rows = [
        (_name(one), *(_day(moment) for moment in (one.first_a, one.last_a, one.first_b, one.last_b)))
        for one in (*found.domains, found.total)
    ]
    names = [f"{end} in version {number}" for number in (found.a, found.b) for end in ("First", "Last")]
    return pd.DataFrame(rows, columns=["Domain", *names])


def _pick(name: str, versions: dict[int, DatasetInfo]) -> tuple[int, int]:
    numbers, labels = list(versions), {n: f"{n} ({one.created:%Y-%m-%d})" for n, one in versions.items()}
    columns = st.columns(2)
    places = (("From version", len(numbers) - 2), ("To version", len(numbers) - 1))
    chosen = [
        column.selectbox(label, numbers, index=place, format_func=labels.__getitem__, key=f"{label}-{name}")
        for column, (label, place) in zip(columns, places, strict=True)
    ]
    return chosen[0], chosen[1]


def _show_making(found: VersionComparison) -> None:
    if not found.making:
        st.caption("Both were made alike.")
        return
    st.caption("What differs in the imports that made them; each version tells of its own import only.")
    rows = [(one.what, shortened(one.a), shortened(one.b)) for one in found.making]
    names = [f"Version {number}" for number in (found.a, found.b)]
    show_table(pd.DataFrame(rows, columns=["What", *names]), "version-making")


def _changed(change: DomainChange) -> bool:
    return bool(change.events.added or change.events.removed)


def _name(change: DomainChange) -> str:
    return change.domain or "all domains"


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
