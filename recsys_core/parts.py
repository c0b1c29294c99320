"""What a result is made of when it is saved: a JSON document, tables and arrays. Never a pickle."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True)
class Parts:
    """``document`` goes to ``result.json``, ``frames`` to Parquet, ``arrays`` to safetensors."""

    document: Mapping[str, Any]
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    arrays: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)
