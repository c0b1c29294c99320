import hashlib
import hmac
import stat
from pathlib import Path

from recsys_core.logs.pseudonyms import Pseudonyms


def test_pseudonym_is_the_hmac_cut_to_twenty_digits() -> None:
    digest = hmac.new(b"key", b"ann", hashlib.sha256).hexdigest()
    assert Pseudonyms(b"key").of("ann") == "u" + digest[:20]


def test_the_key_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "pseudonym.key"
    first = Pseudonyms.of_key_file(path)
    assert len(first.key) == 32
    assert Pseudonyms.of_key_file(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["pseudonym.key"]


def test_the_key_is_not_shown() -> None:
    assert "secret" not in repr(Pseudonyms(b"secret"))
