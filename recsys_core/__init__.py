"""Driftmap's library: from interaction logs to interests, migration and cold-start recommendations.

Importing it does nothing heavy: no torch, no device choice, no logging set-up.
"""

__version__ = "0.1.0"
