"""The dashboard: widgets and calls. Only ``frame.py`` lies here; pages are one folder down."""
