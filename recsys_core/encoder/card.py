"""The model card of a fine-tuned encoder."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNKNOWN = "unknown"
CARD = """---
library_name: sentence-transformers
pipeline_tag: sentence-similarity
base_model: {base}
{licence}
---

# {name}

The text encoder of a Driftmap run: {base} {made}

Load it with `SentenceTransformer(folder)`.

## Licence

{base_licence}

## How it was made

```json
{options}
```

## How good it is

Protocol: {protocol}

{metrics}
"""

TUNED = """fine-tuned on the interaction log *{dataset}* (version
{version}) so that texts of items which the same people take lie near each other."""
PRETRAINED = """whose pre-training went on over the item texts of *{dataset}* (version
{version}), {times}. It has seen no interactions; the run's model was trained on top of it."""
BEFORE = """
Before that its pre-training went on over the item texts, {times}."""


@dataclass(frozen=True)
class Licence:
    """What the README of a base model says of its licence; ``name`` is "unknown" where it says nothing.

    ``also``: the fields ``license_name`` and ``license_link`` that go with the licence "other".
    """

    name: str = UNKNOWN
    also: Mapping[str, str] | None = None

    @property
    def front_matter(self) -> str:
        """The lines of a card's front matter."""
        fields = {"license": self.name, **(self.also or {})}
        return "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items())

    def of(self, base: str) -> str:
        """A sentence on the licence of ``base``."""
        if self.name == UNKNOWN:
            return f"The licence of {base} is unknown: its folder names none. Ask before passing this on."
        called = (self.also or {}).get("license_name", self.name)
        return (
            f"{base} is licensed under {called}, as its README says; what is made from it is bound by that."
        )


def base_licence(folder: Path) -> Licence:
    """The licence in the front matter of the base model's README.md; never assumed."""
    from huggingface_hub import metadata_load

    try:
        said = metadata_load(folder / "README.md") or {}
    except Exception:  # whatever is wrong with the README, it names no licence
        return Licence()
    name = said.get("license")
    if isinstance(name, list):
        name = " and ".join(map(str, name))
    if not name:
        return Licence()
    return Licence(
        str(name), {key: str(said[key]) for key in ("license_name", "license_link") if said.get(key)}
    )


def model_card(
    name: str,
    base: str,
    licence: Licence,
    dataset: str,
    version: int,
    options: Mapping[str, Any],
    protocol: str,
    metrics: str,
    passes: int = 0,
    tuned: bool = True,
) -> str:
    """Markdown with the base model and its licence, data version, options, protocol and metrics.

    ``protocol``: a sentence on who was held out; ``metrics``: a sentence with number and interval.
    ``passes``: of pre-training over the item texts; ``tuned``: whether interactions taught it after that.
    """
    return CARD.format(
        name=name,
        base=base,
        made=_made(dataset, version, passes, tuned),
        licence=licence.front_matter,
        base_licence=licence.of(base),
        options=json.dumps(dict(options), indent=2, default=str),
        protocol=protocol,
        metrics=metrics,
    )


def _made(dataset: str, version: int, passes: int, tuned: bool) -> str:
    times = "once" if passes == 1 else f"{passes} times"
    said = TUNED if tuned else PRETRAINED
    if tuned and passes:
        said += BEFORE
    return said.format(dataset=dataset, version=version, times=times)
