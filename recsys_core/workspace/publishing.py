"""The files of a release, the same each time."""

import io
import zipfile
from typing import Final

from recsys_core.columns import FROM_INTEREST, INTEREST, TO_INTEREST
from recsys_core.release.release import TABLES, Release
from recsys_core.workspace.files import to_json
from recsys_core.workspace.safe_csv import safe_csv

STATEMENT: Final = "release.json"
_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)  # of time in ZIP archives: the same release is the same file
_NAMED: Final = {INTEREST: "name", FROM_INTEREST: "from_name", TO_INTEREST: "to_name"}


def release_files(made: Release) -> dict[str, bytes]:
    """Each table as CSV and Parquet, with the names of its interests, and what goes with them as JSON; by the
    names of the files.
    """
    names = {int(one["id"]): str(one["name"]) for one in made.document["interests"]}
    files = {STATEMENT: to_json(made.document).encode()}
    for name in TABLES:
        table = getattr(made, name)
        table = table.assign(**{_NAMED[ids]: table[ids].map(names) for ids in _NAMED if ids in table})
        files |= {f"{name}.csv": safe_csv(table), f"{name}.parquet": table.to_parquet(None)}
    return files


def release_archive(made: Release) -> bytes:
    """The files in a ZIP archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in release_files(made).items():
            archive.writestr(zipfile.ZipInfo(name, _BEGINNING), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()
