"""What the pages share: the selection, empty states, progress, charts, downloads."""
