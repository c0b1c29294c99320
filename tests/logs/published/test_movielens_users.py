from recsys_core.logs.formats import FileKind
from tests.logs.published.conftest import Look, rows


def test_users_of_1m_with_what_their_codes_mean(look: Look) -> None:
    info = look("users.dat", "1::F::1::10::48067\n2::M::56::16::70072-12\n3::M::25::99::1\n")
    assert info.told == "MovieLens users: ::-separated, no header"
    assert (info.kind, dict(info.guess.fields)) == (FileKind.PEOPLE, {"user": "userId"})
    assert info.columns == ("userId", "gender", "age", "occupation")
    assert rows(info) == [
        ["1", "F", "under 18", "K-12 student"],
        ["2", "M", "56+", "self-employed"],
        ["3", "M", "25-34", "99"],
    ]


def test_users_of_100k(look: Look) -> None:
    info = look("u.user", "1|24|M|technician|85711\n2|53|F|other|T8H1N\n")
    assert info.told == "MovieLens 100K users: |-separated, no header"
    assert (info.kind, dict(info.guess.fields)) == (FileKind.PEOPLE, {"user": "userId"})
    assert info.columns == ("userId", "age", "gender", "occupation")
    assert rows(info) == [["1", "24", "M", "technician"], ["2", "53", "F", "other"]]
