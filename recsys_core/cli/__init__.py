"""The command ``driftmap``: everything the app does, without a browser."""

from recsys_core.cli.program import main

__all__ = ["main"]
