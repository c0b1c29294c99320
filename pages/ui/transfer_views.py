"""The section of the scorecard page that tells which domains help which."""

import streamlit as st

from pages.ui.empty import job_button, offer_job
from pages.ui.figures import show_figure
from pages.ui.loaded import transfer_in_use
from pages.ui.state import Selection
from pages.ui.transfer_chart import transfer_chart
from pages.ui.transfer_words import METHOD, WILL_SHOW, cost_words, headline, transfer_table
from recsys_core.workspace.records import DatasetInfo

TITLE = "Where transfer helps"
ANCHOR = "where-transfer-helps"


def show_transfer(selection: Selection, info: DatasetInfo) -> str:
    """Every direction between the domains; the way there where it was not measured. The answer in a sentence;
    "" where there is none.
    """
    st.subheader(TITLE, anchor=ANCHOR)
    if len(info.domains) < 2:
        st.caption("There is one domain only. Import a second one with the same user ids.")
        return ""
    params = {"dataset": info.name, "run": selection.run.id if selection.run else None}
    title, cost = "Measure where transfer helps", cost_words(info)
    matrix = transfer_in_use(selection)
    if matrix is None:
        offer_job(
            selection, "transfer", params, will_show=f"{WILL_SHOW} {cost}", label="Measure", title=title
        )
        return ""
    answer = headline(matrix)
    st.markdown(f"**{answer}**")
    show_figure(
        transfer_chart(matrix, dark=st.context.theme.type == "dark"),
        title="Blue: knowing the row's domains helps; orange: it harms; grey: it may be chance",
        note=METHOD,
        alt=f"Matrix of ratios to popularity, from the domains known to the domain recommended in. {answer}",
        table=transfer_table(matrix),
        name="transfer",
    )
    with st.expander("Measure again"):
        st.caption(f"Needed after an import, or where a run began with another encoder. {cost}")
        job_button(selection.ws, "transfer", params, label="Measure again", title=title, dataset=info.name)
    return answer
