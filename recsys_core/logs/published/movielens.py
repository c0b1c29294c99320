"""MovieLens, film ratings: 100K, 1M, 10M and the later ones with headers (Harper and Konstan 2015)."""

from dataclasses import replace

from recsys_core.logs.heads import Head
from recsys_core.logs.published.movielens_users import USERS, USERS_OF_100K
from recsys_core.logs.published.published import Published
from recsys_core.logs.published.telling import has, mostly
from recsys_core.logs.reading import FileKind, LogFormat

_RATING_COLUMNS = ("userId", "movieId", "rating", "timestamp")
_RATING_ROLES = {"user": "userId", "item": "movieId", "weight": "rating", "time": "timestamp"}
_FILM_ROLES = {"item": "movieId", "title": "title", "category": "genres"}
_GENRES = (
    "Action",
    "Adventure",
    "Animation",
    "Children's",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Fantasy",
    "Film-Noir",
    "Horror",
    "Musical",
    "Mystery",
    "Romance",
    "Sci-Fi",
    "Thriller",
    "War",
    "Western",
)
_DETAILS = ("movieId", "title", "release_date", "video_release_date", "imdb_url")
_FLAGS = tuple(f"genre_{number}" for number in range(len(_GENRES) + 1))  # the first is "unknown"
_NAMED_FLAGS = ", ".join(
    f"""CASE WHEN "{flag}" = '1' THEN '{genre.replace("'", "''")}' END"""
    for flag, genre in zip(_FLAGS[1:], _GENRES, strict=True)
)
_NO_GENRE = "(no genres listed)"

_ID = r"\d{1,7}"
_STARS = r"[0-5](\.[05])?"
_SECONDS = r"\d{9,10}"
_OF_100K = r"8[789]\d{7}"  # its ratings are from September 1997 to April 1998
_YEAR = r".*\(\d{4}\)\s*"

RATINGS = Published(
    name="MovieLens ratings",
    format=LogFormat.MOVIELENS,
    kind=FileKind.INTERACTIONS,
    columns=_RATING_COLUMNS,
    roles=_RATING_ROLES,
)
FILMS = Published(
    name="MovieLens movies",
    format=LogFormat.MOVIELENS,
    kind=FileKind.ITEMS,
    columns=("movieId", "title", "genres"),
    roles=_FILM_ROLES,
    view=f"""SELECT * REPLACE (CASE genres WHEN '{_NO_GENRE}' THEN '' ELSE genres END AS genres)
        FROM {{source}}""",
)
FILMS_OF_100K = Published(
    name="MovieLens 100K movies",
    format=LogFormat.MOVIELENS,
    kind=FileKind.ITEMS,
    columns=(*_DETAILS, *_FLAGS),
    roles=_FILM_ROLES,
    view=f"""SELECT source_row, "movieId", title, release_date, imdb_url,
        concat_ws('|', {_NAMED_FLAGS}) AS genres FROM {{source}}""",
    note="The genres are put together from their flags; 'unknown' is none.",
)
TAGS = Published(
    name="MovieLens tags",
    format=LogFormat.MOVIELENS,
    kind=FileKind.OTHER,
    note="Tags are left out: they are words of single users, written long after they saw the film.",
)
LINKS = Published(
    name="MovieLens links",
    format=LogFormat.MOVIELENS,
    kind=FileKind.OTHER,
    note="The ids of films at IMDb and TMDB are left out: they say nothing of what a film is like.",
)
GENOME = Published(
    name="MovieLens tag genome",
    format=LogFormat.MOVIELENS,
    kind=FileKind.OTHER,
    note="The tag genome is left out: it is computed from ratings and reviews, and films are described by "
    "their titles and genres.",
)

_WITH_HEADER = (
    (("userId", "movieId", "rating", "timestamp"), RATINGS),
    (("movieId", "title", "genres"), FILMS),
    (("userId", "movieId", "tag", "timestamp"), TAGS),
    (("movieId", "imdbId", "tmdbId"), LINKS),
    (("movieId", "tagId", "relevance"), GENOME),
    (("tagId", "tag"), GENOME),
)
_OF_1M = (
    ((_ID, _ID, _STARS, _SECONDS), RATINGS),
    ((_ID, _YEAR, r".+"), FILMS),
    ((_ID, "[FM]", r"\d\d?", r"\d\d?", r"[\w-]+"), USERS),
    ((_ID, _ID, r".*", _SECONDS), TAGS),
)
_USER_OF_100K = (_ID, r"\d\d?", "[FM]", r"[a-z]+", r"\w+")


def recognise(name: str, head: Head) -> Published | None:
    """The files of MovieLens: by their headers, or else by their separators and values."""
    if head.kind not in ("csv", "tsv"):
        return None
    if head.has_header:
        return next((one for names, one in _WITH_HEADER if _exactly(head, names)), None)
    if head.delimiter == "::":
        return next((one for patterns, one in _OF_1M if _fits(head, patterns)), None)
    return _of_100k(name, head)


def _exactly(head: Head, names: tuple[str, ...]) -> bool:
    return has(head, names) and len(head.sample.columns) == len(names)


def _fits(head: Head, patterns: tuple[str, ...]) -> bool:
    cells = head.sample
    return cells.shape[1] == len(patterns) and all(
        mostly(cells.iloc[:, place], pattern, 0.9) for place, pattern in enumerate(patterns)
    )


def _of_100k(name: str, head: Head) -> Published | None:
    if head.delimiter == "|":
        films = (_ID, r".+", r".*", r".*", r".*", *["[01]"] * len(_FLAGS))
        if _fits(head, films):
            return FILMS_OF_100K
        return USERS_OF_100K if _fits(head, _USER_OF_100K) else None
    called = name.lower().startswith(("u.data", "u1.", "u2.", "u3.", "u4.", "u5.", "ua.", "ub."))
    if head.kind == "tsv" and _fits(head, (_ID, _ID, "[1-5]", _SECONDS if called else _OF_100K)):
        return replace(RATINGS, name="MovieLens 100K ratings")
    return None
