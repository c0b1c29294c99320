import pytest

from recsys_core.cli.arguments import spread


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("import a b --items c d --json", "import a b --items c --items d --json"),
        ("import a --people c d --map x=1", "import a --people c --people d --map x=1"),
        ("import a --map x=1 y=2 b", "import a --map x=1 --map y=2 b"),
        ("import --map x=1 a y=2", "import --map x=1 a y=2"),
        ("import a --items c --items d", "import a --items c --items d"),
        ("import a --items=c", "import a --items=c"),
        ("recommend --items a b", "recommend --items a b"),
        ("", ""),
    ],
)
def test_an_option_is_repeated_for_each_of_its_values(given, meant):
    assert spread(given.split()) == meant.split()
