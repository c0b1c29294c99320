from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import AUDIT
from recsys_core.access import Actor, Role, acting_as
from recsys_core.errors import AccessError
from recsys_core.workspace.workspace import Workspace


@pytest.mark.usefixtures("shop")
def test_what_was_done_and_refused_is_told_and_narrowed(
    ws: Workspace, open_page: Callable[..., AppTest], text_of: Callable[[AppTest], str]
) -> None:
    vic = Actor("vic@example.org", Role.VIEWER)
    with acting_as(vic), pytest.raises(AccessError):
        ws.delete_dataset("shop")

    at = open_page(AUDIT)

    assert "2 entries of 2 people; 1 refused." in text_of(at)
    columns = ["Who", "Role", "What", "On what", "Outcome"]
    assert at.dataframe[0].value[columns].to_numpy().tolist() == [
        ["vic@example.org", "viewer", "delete a dataset", "shop", "refused"],
        ["owner of this machine", "admin", "save a version of a dataset", "shop", "done"],
    ]
    at.text_input(key="audit-what").input("save").run()
    assert "1 entry of 1 person; none refused." in text_of(at)
    at.date_input(key="audit-since").set_value(datetime.now(UTC).date() + timedelta(days=1)).run()
    assert "Nothing is written down here." in text_of(at)
    assert not at.dataframe
