"""The workspace on disk: a catalogue database beside the files of datasets, runs and results."""
