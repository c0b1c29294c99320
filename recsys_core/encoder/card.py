"""The model card of a fine-tuned encoder."""

import json
from collections.abc import Mapping
from typing import Any

CARD = """---
library_name: sentence-transformers
base_model: {base}
license: apache-2.0
---

# {name}

The text encoder of a Driftmap run: {base} fine-tuned on the interaction log *{dataset}* (version
{version}) so that texts of items which the same people take lie near each other.

Load it with `SentenceTransformer(folder)`.

## How it was made

```json
{options}
```

## How good it is

{metrics}
"""


def model_card(
    name: str, base: str, dataset: str, version: int, options: Mapping[str, Any], metrics: str
) -> str:
    """Markdown with the base model, data version, options and ``metrics`` (a sentence with interval)."""
    return CARD.format(
        name=name,
        base=base,
        dataset=dataset,
        version=version,
        options=json.dumps(dict(options), indent=2, default=str),
        metrics=metrics,
    )
