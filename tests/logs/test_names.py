import pytest

from recsys_core.errors import InputError
from recsys_core.logs.names import check_name


@pytest.mark.parametrize("name", ["shop", "Shop 2", "a.b_c-d", "Küche", "7", "x" * 64])
def test_good_names(name: str) -> None:
    assert check_name(name, "dataset") == name


@pytest.mark.parametrize(
    "name", ["", " shop", "shop ", ".", "..", ".hidden", "a/b", "a\\b", "a\nb", "x" * 65, "shop."]
)
def test_names_that_could_not_name_a_folder(name: str) -> None:
    with pytest.raises(InputError, match="cannot name a dataset"):
        check_name(name, "dataset")
