"""Users under other names: the same user always gets the same one, and only the key leads back."""

import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

_KEY_BYTES = 32
_HEX_DIGITS = 20


@dataclass(frozen=True, repr=False)
class Pseudonyms:
    """HMAC-SHA256 (RFC 2104) of user ids under the key of the workspace, cut to 80 bits."""

    key: bytes

    @classmethod
    def of_key_file(cls, path: Path) -> "Pseudonyms":
        """With the key in ``path``; made at random, readable by its owner only, where there is none."""
        if not path.exists():
            _make_key(path)
        return cls(path.read_bytes())

    def of(self, user_id: str) -> str:
        """The pseudonym of a user: "u" and 20 hexadecimal digits."""
        return "u" + hmac.digest(self.key, user_id.encode(), "sha256").hex()[:_HEX_DIGITS]

    def of_all(self, user_ids: pa.StringArray) -> pa.StringArray:
        """The pseudonyms of many users; each is made once."""
        coded = user_ids.dictionary_encode()
        made = pa.array([self.of(user) for user in coded.dictionary.to_pylist()], pa.string())
        return made.take(coded.indices)


def _make_key(path: Path) -> None:
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(6)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(temporary)  # fails where another process was first, whose key then counts
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
