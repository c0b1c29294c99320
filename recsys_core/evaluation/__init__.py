"""Splits, metrics, paired comparison, the scorecard."""
