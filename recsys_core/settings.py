"""The environment, read in one place.

| variable | meaning | default |
|---|---|---|
| ``DRIFTMAP_WORKSPACE`` | the workspace folder | ``./workspace`` |
| ``DRIFTMAP_DATABASE_URL`` | where the catalogue is, ``postgresql://…`` | SQLite in the workspace |
| ``DRIFTMAP_STORAGE_URL`` | an object store behind the folder, ``s3://bucket/prefix`` | none |
| ``DRIFTMAP_DEVICE`` | ``auto``, ``cpu``, ``cuda`` or ``cuda:N`` | ``auto`` |
| ``DRIFTMAP_PRECISION`` | ``auto``: bfloat16 where the hardware multiplies it; ``float32`` | ``auto`` |
| ``DRIFTMAP_PROCESSES`` | how many processes a background fine-tune trains with | one for each GPU |
| ``DRIFTMAP_FIT_MINUTES`` | longest fit of a recommender that is begun, as estimated beforehand | 120 |
| ``DRIFTMAP_MAX_UPLOAD_MB`` | largest browser upload | 1024 |
| ``DRIFTMAP_SIGN_IN`` | ``oidc``: people sign in; ``proxy``: a proxy sees to that; ``off`` | ``off`` |
| ``DRIFTMAP_TRUSTED_CLAIM`` | a claim with the address, where no ``email_verified`` is sent | none |
| ``DRIFTMAP_ADMINS`` | admins everywhere: addresses with commas between, ``*@example.org``, ``*`` | nobody |
| ``DRIFTMAP_ANALYSTS``, ``DRIFTMAP_VIEWERS`` | who is that where a workspace has no team | nobody |
| ``DRIFTMAP_MAX_JOBS_EACH`` | unfinished jobs of one person, with sign-in | 20 |
| ``DRIFTMAP_MAX_UPLOADS_MB_DAY`` | what one person may upload in 24 hours, with sign-in | 10240 |
| ``DRIFTMAP_EPSILON_CAP`` | how much ε may be spent of one dataset in all, by ``driftmap release`` | 4 |
| ``DRIFTMAP_IMPORT_FOLDER`` | a folder on the server whose files the Upload page offers | none |
| ``DRIFTMAP_API_PER_MINUTE`` | how many HTTP requests a token or an address may make in a minute | 120 |
| ``DRIFTMAP_RAY_ADDRESS`` | a Ray cluster for background jobs, e.g. ``http://head:8265`` | none: here |
| ``DRIFTMAP_RAY_AWAY`` | when it doesn't answer, jobs ``wait`` for it or run here, ``local`` | ``wait`` |
| ``DRIFTMAP_RAY_CPUS`` | processors that a process of a job asks of the cluster | 1 |
| ``DRIFTMAP_RAY_GPUS`` | GPUs that it asks of the cluster | 0 |
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from recsys_core.errors import InputError

_NUMBER: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
_NO_STORES: Final = ("", "http", "https", "data", "memory", "local")
"""Schemes of URLs that keep nothing, or not for others."""
PERSON: Final = re.compile(r"(\*|[^@*\s]+)@[^@*\s]+")
"""An e-mail address, or all of a domain."""


@dataclass(frozen=True)
class Settings:
    """What the environment says; see the table above."""

    workspace: Path
    database_url: str | None
    device: str
    max_upload_mb: int
    import_folder: Path | None = None
    processes: int | None = None
    fit_minutes: int = 120
    sign_in: bool = False
    api_per_minute: int = 120
    behind_proxy: bool = False
    trusted_claim: str | None = None
    admins: tuple[str, ...] = ()
    analysts: tuple[str, ...] = ()
    viewers: tuple[str, ...] = ()
    max_jobs_each: int = 20
    max_uploads_mb_day: int = 10_240
    ray_address: str | None = None
    ray_away: str = "wait"
    ray_cpus: int = 1
    ray_gpus: int = 0
    epsilon_cap: float = 4.0
    storage_url: str | None = None
    precision: str = "auto"


def read_settings() -> Settings:
    """The settings as the environment is now.

    Raises InputError where a number is not a number, a choice is not known, or a person is not named by an
    e-mail address.
    """
    sign_in = _choice("DRIFTMAP_SIGN_IN", ("off", "oidc", "proxy"))
    return Settings(
        workspace=Path(os.environ.get("DRIFTMAP_WORKSPACE") or "workspace"),
        database_url=os.environ.get("DRIFTMAP_DATABASE_URL") or None,
        device=os.environ.get("DRIFTMAP_DEVICE") or "auto",
        max_upload_mb=_positive_int("DRIFTMAP_MAX_UPLOAD_MB", 1024),
        import_folder=_folder("DRIFTMAP_IMPORT_FOLDER"),
        fit_minutes=_positive_int("DRIFTMAP_FIT_MINUTES", 120),
        sign_in=sign_in == "oidc",
        behind_proxy=sign_in == "proxy",
        trusted_claim=os.environ.get("DRIFTMAP_TRUSTED_CLAIM", "").strip() or None,
        admins=_people("DRIFTMAP_ADMINS"),
        analysts=_people("DRIFTMAP_ANALYSTS"),
        viewers=_people("DRIFTMAP_VIEWERS"),
        max_jobs_each=_positive_int("DRIFTMAP_MAX_JOBS_EACH", 20),
        max_uploads_mb_day=_positive_int("DRIFTMAP_MAX_UPLOADS_MB_DAY", 10_240),
        processes=_positive_int("DRIFTMAP_PROCESSES", 0) or None,
        api_per_minute=_positive_int("DRIFTMAP_API_PER_MINUTE", 120),
        ray_address=_http_address("DRIFTMAP_RAY_ADDRESS"),
        ray_away=_choice("DRIFTMAP_RAY_AWAY", ("wait", "local")),
        ray_cpus=_positive_int("DRIFTMAP_RAY_CPUS", 1),
        ray_gpus=_positive_int("DRIFTMAP_RAY_GPUS", 0, least=0),
        epsilon_cap=_positive_number("DRIFTMAP_EPSILON_CAP", 4.0),
        storage_url=_store("DRIFTMAP_STORAGE_URL"),
        precision=_choice("DRIFTMAP_PRECISION", ("auto", "float32")),
    )


def _folder(name: str) -> Path | None:
    text = os.environ.get(name, "")
    return Path(text).absolute() if text else None


def _store(name: str) -> str | None:
    """The URL of an object store; what might be a secret in it is not repeated."""
    text = os.environ.get(name, "").rstrip("/")
    if not text:
        return None
    url = urlsplit(text)
    if "@" in url.netloc or url.query or url.fragment:
        raise InputError(
            f"{name} holds more than a bucket and a prefix: credentials and options do not belong there.",
            "Set it to e.g. s3://bucket/prefix, and give credentials as AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, or by the role of the machine.",
        )
    if url.scheme in _NO_STORES or not (url.netloc or (url.scheme == "file" and url.path)):
        raise InputError(
            f"{name} is {text!r}, not the URL of an object store.",
            "Set it to s3://bucket/prefix, gs://bucket/prefix, az://container/prefix, file:///folder, or "
            "what else fsspec knows, such as sftp://host/folder.",
        )
    return text


def _http_address(name: str) -> str | None:
    text = os.environ.get(name, "").rstrip("/")
    if text and not text.startswith(("http://", "https://")):
        raise InputError(
            f"{name} is {text!r}, not the address of a Ray dashboard.", "Set it to e.g. http://head:8265."
        )
    return text or None


def _choice(name: str, choices: tuple[str, ...]) -> str:
    text = os.environ.get(name) or choices[0]
    if text not in choices:
        raise InputError(f"{name} is {text!r}.", f"It may be {', '.join(choices[:-1])} or {choices[-1]}.")
    return text


def _people(name: str) -> tuple[str, ...]:
    people = tuple(filter(None, (part.strip().casefold() for part in os.environ.get(name, "").split(","))))
    for person in people:
        if person != "*" and not PERSON.fullmatch(person):
            raise InputError(
                f"{name} holds {person!r}, which is no e-mail address.",
                "Name people as ada@example.org, all of a domain as *@example.org, or everybody as *.",
            )
    return people


def _positive_number(name: str, default: float) -> float:
    text = os.environ.get(name) or str(default)
    if not _NUMBER.fullmatch(text) or float(text) <= 0:
        raise InputError(f"{name} is {text!r}, not a number above 0.", f"Set it to e.g. {default:g}.")
    return float(text)


def _positive_int(name: str, default: int, least: int = 1) -> int:
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or int(text) < least:
        raise InputError(
            f"{name} is {text!r}, not a whole number above {least - 1}.", f"Set it to e.g. {default or 2}."
        )
    return int(text)
