"""How a dataset version was made, from its manifest, and what differs between two of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_SHA256: Final = "sha256 "
_COUNTS: Final = {
    "read": "Rows read",
    "kept": "Rows kept",
    "bad": "Rows set aside",
    "duplicates": "Repeated rows left out",
    "filtered": "Rows left out by a rule",
}


@dataclass(frozen=True)
class Difference:
    """One thing that differs: what it is, and how it stood in each version ("" where it was not there)."""

    what: str
    a: str
    b: str


def shortened(fact: str) -> str:
    """A fact for reading: of a sha256 the first 12 digits."""
    return fact[: len(_SHA256) + 12] if fact.startswith(_SHA256) else fact


def differences(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What differs between two manifests, by name of the thing, in the order of ``facts``. A manifest tells
    of the import that made its version, not of those before.
    """
    before, after = facts(a), facts(b)
    names = [*before, *(name for name in after if name not in before)]
    pairs = [Difference(name, before.get(name, ""), after.get(name, "")) for name in names]
    return tuple(pair for pair in pairs if pair.a != pair.b)


def facts(manifest: Mapping[str, Any]) -> dict[str, str]:
    """What a manifest says of how its version was made, as text by name; what it does not say is left out."""
    found: dict[str, str] = {}
    for kind, name in (("sources", "Log"), ("items", "Items"), ("people", "People")):
        for source in manifest.get(kind) or ():
            if isinstance(source, Mapping):
                found[f"{name} {source.get('file', '')}"] = f"{_SHA256}{source.get('sha256', '')}"
    if "append" in manifest:
        found["Added to what was there"] = _text(bool(manifest["append"]))
    if "pseudonymised" in manifest:
        found["Pseudonymised"] = _text(bool(manifest["pseudonymised"]))
    found |= _rules(manifest.get("rules"))
    counts = manifest.get("counts") or {}
    found |= {name: _text(counts[key]) for key, name in _COUNTS.items() if key in counts}
    if "driftmap" in manifest:
        found["Made by Driftmap"] = _text(manifest["driftmap"])
    return found


def _rules(rules: Any) -> dict[str, str]:
    """Rules of events and filters, one fact a rule."""
    if not rules:
        return {}
    named = rules if isinstance(rules, Mapping) else {str(n): rule for n, rule in enumerate(rules, 1)}
    return {f"Rule {name}": _text(rule) for name, rule in named.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(one)}" for key, one in value.items())
    return ", ".join(map(_text, value)) if isinstance(value, list | tuple) else str(value)
