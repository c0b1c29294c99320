"""Published formats of logs, recognised by their columns and values: one file each."""
