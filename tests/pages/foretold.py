"""The literal migration of ``found`` with a forecast: pots go on rising, habit is better than persistence."""

from dataclasses import replace

import pandas as pd

from recsys_core.migration.migration import Migration
from tests.pages.found import migration


def foretold(gain: float = 0.1, shares_by: str = "ema") -> Migration:
    """``gain``: how much less log-loss habit has, give or take 0.05. ``shares_by``: the method in use."""
    forecast = pd.DataFrame(
        [(0, 0.6, 0.5, 0.42, 0.58), (1, 0.4, 0.5, 0.42, 0.58)],
        columns=["interest", "share", "forecast", "low", "high"],
    ).assign(from_window="2024-03", to_window="2024-04")
    if shares_by == "persistence":
        forecast["forecast"] = forecast["share"]
    likely = pd.DataFrame(
        [(0, 1, 0.7), (0, 0, 0.3), (1, 0, 0.9), (1, 1, 0.1)], columns=["user", "interest", "share"]
    )
    facts = {**migration().document, "no_forecast": ""}
    scores = _scores(gain, shares_by)
    return replace(migration(), document=facts, forecast=forecast, forecast_scores=scores, next_mixes=likely)


def _scores(gain: float, shares_by: str) -> pd.DataFrame:
    rows = []
    for measure, stays, less in (
        ("log_loss", 0.7, gain),
        ("js_distance", 0.4, gain),
        ("missed", 0.4, 0.1),
        ("share_error", 0.03, 0.01),
    ):
        for method in ("persistence", "ema"):
            apart = -less if method == "ema" else 0.0
            half = 0.05 if measure in ("log_loss", "js_distance") and apart else 0.005 * bool(apart)
            in_use = shares_by if measure == "share_error" else "ema"
            value = stays + apart
            rows.append(
                (
                    method,
                    measure,
                    value,
                    value - 0.02,
                    value + 0.02,
                    apart,
                    apart - half,
                    apart + half,
                    bool(apart) and apart + half < 0,
                    method == in_use,
                    8 if measure == "share_error" else 1204,
                    "0.5",
                )
            )
    columns = ["method", "measure", "value", "low", "high", "difference", "difference_low", "difference_high"]
    return pd.DataFrame(rows, columns=[*columns, "better", "chosen", "n_compared", "setting"])
