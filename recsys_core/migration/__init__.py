"""Interest mixes per window, flows against a null, drift, change points."""
