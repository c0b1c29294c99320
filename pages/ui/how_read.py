"""How files are read: encoding and delimiter, as guessed and as people choose."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from pages.ui.alike import Group
from pages.ui.phrases import plain
from recsys_core.logs.formats import FileInfo
from recsys_core.logs.reading import Reading

ENCODINGS: Final = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Western European (cp1252)",
    "gb18030": "Chinese, simplified (gb18030)",
    "big5": "Chinese, traditional (big5)",
    "cp932": "Japanese, Shift-JIS (cp932)",
    "euc_jp": "Japanese (euc_jp)",
    "euc_kr": "Korean (euc_kr)",
    "cp1251": "Cyrillic (cp1251)",
}
DELIMITERS: Final = {
    ",": "comma ,",
    ";": "semicolon ;",
    "\t": "tab",
    "|": "bar |",
    " ": "space",
    "::": "two colons ::",
    "^": "caret ^",
    "~": "tilde ~",
    "\x01": "Ctrl-A",
}
TEXT_KINDS: Final = ("csv", "tsv", "json")
ROWS: Final = 3


def choose_text(group: Group) -> Reading:
    """The choices of encoding and delimiter; what is left to the guess stays open in the reading."""
    info, said = group.info, group.said.reading if group.said else Reading()
    if info is not None and info.head.kind not in TEXT_KINDS:
        st.caption("A Parquet file says itself how it is read.")
        return said
    encoding, delimiter = st.columns(2)
    with encoding:
        guess = info.head.encoding if info else ""
        chosen = _choose("Encoding", ENCODINGS, guess, said.encoding, f"encoding-{group.key}")
    if info is not None and info.head.kind == "json":
        return replace(said, encoding=chosen)
    with delimiter:
        guess = info.head.delimiter if info else ""
        cut = _choose("Between cells", DELIMITERS, guess, said.delimiter, f"delimiter-{group.key}")
    return replace(said, encoding=chosen, delimiter=cut)


def show_rows(info: FileInfo, key: str) -> None:
    """The first rows as they are read, so that a wrong choice is seen."""
    st.caption(f"The first rows of {plain(info.name)}, read so:")
    st.dataframe(
        info.sample.head(ROWS),
        hide_index=True,
        width="stretch",
        key=f"rows-{key}",
        alt=f"The first {ROWS} rows of {info.name}",
    )


def _choose(label: str, words: dict[str, str], guess: str, said: str, key: str) -> str:
    """A selectbox whose first option is the guess, "" in the answer."""
    others: Sequence[str] = list(dict.fromkeys([*words, *([said] if said else [])]))
    options = ["", *(value for value in others if value != guess)]
    chosen: str = st.selectbox(
        label,
        options,
        index=options.index(said) if said in options else 0,
        format_func=_worded(words, guess),
        key=key,
        persist_state="session",
    )
    return chosen


def _worded(words: dict[str, str], guess: str) -> Callable[[str], str]:
    def word(value: str) -> str:
        if value:
            return words.get(value, value)
        return f"{words.get(guess, guess)}, as guessed" if guess else "Guess"

    return word
