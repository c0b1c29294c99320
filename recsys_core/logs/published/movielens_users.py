"""MovieLens' tables of users; what their codes mean is told in the README of MovieLens 1M."""

from typing import Final

from recsys_core.logs.published.published import Published
from recsys_core.logs.reading import FileKind, LogFormat

_AGES: Final = {
    "1": "under 18",
    "18": "18-24",
    "25": "25-34",
    "35": "35-44",
    "45": "45-49",
    "50": "50-55",
    "56": "56+",
}
_OCCUPATIONS: Final = {
    "0": "other",
    "1": "academic/educator",
    "2": "artist",
    "3": "clerical/admin",
    "4": "college/grad student",
    "5": "customer service",
    "6": "doctor/health care",
    "7": "executive/managerial",
    "8": "farmer",
    "9": "homemaker",
    "10": "K-12 student",
    "11": "lawyer",
    "12": "programmer",
    "13": "retired",
    "14": "sales/marketing",
    "15": "scientist",
    "16": "self-employed",
    "17": "technician/engineer",
    "18": "tradesman/craftsman",
    "19": "unemployed",
    "20": "writer",
}
_NO_ZIP: Final = "Postal codes are left out: few people share one."


def _meant(column: str, meanings: dict[str, str]) -> str:
    """SQL of a column with what its codes mean; a code that is not known stays as it is."""
    cases = " ".join(f"WHEN '{code}' THEN '{meaning}'" for code, meaning in meanings.items())
    return f"CASE {column} {cases} ELSE {column} END AS {column}"


USERS = Published(
    name="MovieLens users",
    format=LogFormat.MOVIELENS,
    kind=FileKind.PEOPLE,
    columns=("userId", "gender", "age", "occupation", "zip"),
    roles={"user": "userId"},
    view=f"""SELECT source_row, "userId", gender, {_meant("age", _AGES)}, {_meant("occupation", _OCCUPATIONS)}
        FROM {{source}}""",
    note=f"The codes of age and occupation are told as what they mean. {_NO_ZIP}",
)
USERS_OF_100K = Published(
    name="MovieLens 100K users",
    format=LogFormat.MOVIELENS,
    kind=FileKind.PEOPLE,
    columns=("userId", "age", "gender", "occupation", "zip"),
    roles={"user": "userId"},
    view='SELECT source_row, "userId", age, gender, occupation FROM {source}',
    note=_NO_ZIP,
)
