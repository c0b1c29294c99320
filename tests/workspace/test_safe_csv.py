import pandas as pd
import pytest

from recsys_core.workspace.safe_csv import safe_csv

pytestmark = pytest.mark.one_database  # opens no catalogue


def test_a_formula_becomes_text_and_a_number_stays_a_number() -> None:
    table = pd.DataFrame({"=title": ["=HYPERLINK(1)", "Tea", "-3"], "share": [-0.5, 0.1, 0.2]})
    assert safe_csv(table).decode("utf-8-sig").splitlines() == [
        "'=title,share",
        "'=HYPERLINK(1),-0.5",
        "Tea,0.1",
        "'-3,0.2",
    ]
