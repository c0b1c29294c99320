"""What an import would do: asked for once for every change, of the first rows where files are large."""

import json
from collections.abc import Sequence

import streamlit as st

from pages.ui.alike import Group
from pages.ui.event_step import choose_events, choose_filters, starting_rules
from pages.ui.import_plan import FileChoice, Target, plan
from pages.ui.import_sample import Extent, extent_of
from recsys_core.errors import DriftmapError, InputError
from recsys_core.logs.event_rules import EventRules
from recsys_core.pipeline import ImportPreview, ImportRequest, preview_import
from recsys_core.workspace.workspace import Workspace

WHOLE = "upload-whole"
"""Requests of which all rows are to be read, as they were when that was asked for."""


class Previews:
    """Previews of the same files under different rules."""

    def __init__(self, ws: Workspace, choices: Sequence[FileChoice]) -> None:
        """Nothing is read yet."""
        self._ws = ws
        self.extent: Extent = extent_of([choice.info for choice in choices])

    def of(self, request: ImportRequest) -> ImportPreview:
        """The preview of a request. Raises InputError with why there is none."""
        answer = _previewed(
            self._ws,
            str(self._ws.root),
            json.dumps(request.as_params()),
            self._state(request),
            self._limit(request),
        )
        if isinstance(answer, str):
            raise InputError(answer, "")
        return answer

    def is_whole(self, request: ImportRequest) -> bool:
        """Whether all rows are read for this request."""
        return self._limit(request) is None

    def read_whole(self, request: ImportRequest) -> None:
        """From the next rerun on, read all rows for this request."""
        st.session_state.setdefault(WHOLE, set()).add(self._name(request))

    def _limit(self, request: ImportRequest) -> int | None:
        asked = self._name(request) in st.session_state.get(WHOLE, ())
        return None if asked else self.extent.row_limit

    def _name(self, request: ImportRequest) -> str:
        return f"{self._ws.root}\n{json.dumps(request.as_params())}\n{self._state(request)}"

    def _state(self, request: ImportRequest) -> str:
        """What else a preview depends on: the files as they are, and what the dataset holds."""
        files = [file.path.stat().st_mtime_ns for file in request.files]
        return str((files, [info.version for info in self._ws.versions(request.dataset)]))


def request_step(
    previews: Previews, choices: Sequence[FileChoice], groups: Sequence[Group], target: Target
) -> tuple[ImportRequest, ImportPreview]:
    """Step 5: which events count. The request with those rules, and its preview.

    Three previews are asked for, which are one until something is chosen: of the events there are, of what
    filters would leave of those that count, and of what is imported. Raises InputError.
    """
    start, key = starting_rules(groups, choices)
    plain = previews.of(plan(choices, target, EventRules()))
    st.markdown("#### 5. Which events count")
    rules = choose_events(plain, choices, start, key)
    counted = previews.of(plan(choices, target, rules))
    rules = choose_filters(counted, rules, start, key)
    request = plan(choices, target, rules)
    return request, previews.of(request)


@st.cache_data(max_entries=16, ttl=3600, show_spinner="Reading the rows …")
def _previewed(
    _ws: Workspace, root: str, params: str, state: str, row_limit: int | None
) -> ImportPreview | str:
    """What the import would do, or why it cannot be done. ``root`` and ``state`` tell requests apart."""
    del root, state
    try:
        return preview_import(_ws, ImportRequest.from_params(json.loads(params)), row_limit)
    except DriftmapError as error:
        return str(error)
