"""Files that name people, one id a line, and files that hold the lists made for them."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from recsys_core.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


def read_ids(path: Path) -> list[str]:
    """The ids in a text file, each once, in order. Raises InputError where there are none."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path} cannot be read as text.", "Name a text file with one user id a line."
        ) from error
    ids = [line.strip() for line in lines if line.strip()]
    if not ids:
        raise InputError(f"{path} names nobody.", "Write one user id a line.")
    return list(dict.fromkeys(ids))


def check_out(out: Path) -> None:
    """Raises InputError where no table can be written to ``out``."""
    if out.suffix not in (".parquet", ".csv"):
        raise InputError(
            f"--out {out} is neither Parquet nor CSV.", "Give it a name that ends in .parquet or .csv."
        )
    if not out.absolute().parent.is_dir():
        raise InputError(f"There is no folder {out.absolute().parent}.", "Make it first, or name another.")


def write_lists(frame: "pd.DataFrame", out: Path) -> None:
    """Write the table whole or not at all, as Parquet or, by the file's name, as CSV that no spreadsheet
    runs.
    """
    from recsys_core.workspace.safe_csv import safe_csv

    aside = out.with_name(f".{out.name}-{secrets.token_hex(4)}")
    try:
        if out.suffix == ".csv":
            aside.write_bytes(safe_csv(frame))
        else:
            frame.to_parquet(aside, index=False)
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)
