"""Lists of the cold-start page, kept a while: what a rerun asks for again isn't worked out again."""

from typing import TYPE_CHECKING, Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommendation import Recommendation
from recsys_core.recommend.what_if import WhatIf

if TYPE_CHECKING:
    from recsys_core.recommend.cold_start import ColdStart, Preview

_BY_TOKEN: Final = {"recsys_core.recommend.cold_start.ColdStart": lambda cold: cold.token}
_KEPT: Final = 64


@st.cache_resource(max_entries=_KEPT, show_spinner=False, hash_funcs=_BY_TOKEN)
def preview_of(
    cold: "ColdStart", profile: Profile, k: int, asked: WhatIf, item_interest: NDArray[np.int64] | None
) -> "Preview":
    """What ``profile`` would be shown; see ``ColdStart.preview``."""
    return cold.preview(profile, k, asked, item_interest)


@st.cache_resource(max_entries=_KEPT, show_spinner=False, hash_funcs=_BY_TOKEN)
def list_of(cold: "ColdStart", name: str, profile: Profile, k: int, exclude_seen: bool) -> Recommendation:
    """The plain list of one recommender; see ``ColdStart.list_of``."""
    return cold.list_of(name, profile, k, exclude_seen)
