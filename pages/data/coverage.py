"""Is there enough to learn from? What the log holds, what that is enough for, and what changed."""

import streamlit as st

from pages.ui.activity import show_activity
from pages.ui.coverage_views import show_domains, show_per_user, show_tail, show_text, show_users
from pages.ui.covered import covered
from pages.ui.data_problems import show_problems
from pages.ui.empty import require_dataset
from pages.ui.places import COVERAGE, page_header
from pages.ui.readiness_views import show_readiness
from pages.ui.readiness_words import headline
from pages.ui.state import current
from pages.ui.version_changes import show_changes

WILL_SHOW = "This page will show what each domain holds and how many users the domains share."

selection = current()
page_header(COVERAGE.title, COVERAGE.question)
info = require_dataset(selection, WILL_SHOW)
found = covered(info, selection)
st.markdown(f"##### {headline(found.transfers)}")
show_readiness(found)
show_domains(found.domains)
if len(found.shared):
    show_users(found.domains, found.shared)
show_activity(info)
show_per_user(found.per_user)
show_text(found.text)
show_tail(found.tail, found.curve)
show_problems(info)
show_changes(selection, info)
