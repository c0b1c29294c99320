"""The cohort: people picked on the atlas whom other pages then speak of. Kept in the session only, as row
numbers: no address, no file and no log names anybody of it.

``cohort_in_use(dataset)`` gives the people, or None for everybody; ``show_cohort(dataset)`` does the same and
says on the page whom it speaks of, with a button to speak of everybody again.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.ui.phrases import count, plain
from recsys_core.catalogue.dataset import Dataset
from recsys_core.privacy import SMALLEST_GROUP

_STATE: Final = "cohort"
_ONE, _ALL = "one user of it", "the whole cohort"


@dataclass(frozen=True, eq=False)
class Cohort:
    """``users``: ascending user rows of one dataset version (``dataset``, as "name:version"); ``origin``:
    where they were picked, as in "from the atlas".
    """

    dataset: str
    users: NDArray[np.int64]
    origin: str

    def __len__(self) -> int:
        """How many people."""
        return len(self.users)

    @property
    def sentence(self) -> str:
        """As in: Cohort of 132 people from the atlas."""
        people = "1 person" if len(self) == 1 else f"{count(len(self))} people"
        return f"Cohort of {people} {self.origin}"


def keep_cohort(dataset: Dataset, users: NDArray[np.int64], origin: str = "from the atlas") -> None:
    """Make these user rows the cohort, in place of an earlier one. Nobody: no cohort."""
    drop_cohort()
    if len(users):
        st.session_state[_STATE] = Cohort(_name(dataset), np.unique(users), origin)


def cohort_in_use(dataset: Dataset) -> Cohort | None:
    """The cohort, where it was picked from this very dataset version; else None."""
    cohort = st.session_state.get(_STATE)
    return cohort if isinstance(cohort, Cohort) and cohort.dataset == _name(dataset) else None


def drop_cohort() -> None:
    """Speak of everybody again."""
    st.session_state.pop(_STATE, None)


def show_cohort(dataset: Dataset, about: str = "") -> Cohort | None:
    """The cohort, with a line that says so and ``about``, what it changes here; None where there is none."""
    cohort = cohort_in_use(dataset)
    if cohort is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/group: **{plain(cohort.sentence)}**{f': {about}' if about else '.'}")
            st.button("Everybody again", on_click=drop_cohort, icon=":material/close:", key="cohort-drop")
    return cohort


def pick_whom(dataset: Dataset) -> tuple[Cohort | None, bool]:
    """The cohort, and whether to speak of all of it together and not of one user; a switch where there is
    a cohort. It opens on the cohort where that is large enough to be shown.
    """
    cohort = show_cohort(dataset)
    if cohort is None:
        return None, False
    whom = st.segmented_control(
        "Whose journey",
        [_ONE, _ALL],
        default=_ALL if len(cohort) >= SMALLEST_GROUP else _ONE,
        required=True,
        key="whose",
        persist_state="session",
    )
    return cohort, whom == _ALL


def offer_domains(dataset: Dataset, target: int) -> None:
    """A button for each other domain that makes its people, new to the target, the cohort."""
    with st.container(horizontal=True):
        for domain, name in enumerate(dataset.domains):
            if domain == target:
                continue
            active = np.unique(dataset.user[dataset.event_domain == domain])
            users = np.setdiff1d(active, dataset.user[dataset.event_domain == target])
            st.button(
                f"{count(len(users))} people of {plain(name)}",
                key=f"cohort-of-{name}",
                disabled=len(users) < SMALLEST_GROUP,
                on_click=keep_cohort,
                args=(dataset, users, f"active in {name} and new to {dataset.domains[target]}"),
                help=plain(f"Everybody active in {name} and new to {dataset.domains[target]}"),
            )


def _name(dataset: Dataset) -> str:
    return f"{dataset.name}:{dataset.version}"
