"""Log files in: formats, column roles, cleaning, pseudonyms, windows of time."""
