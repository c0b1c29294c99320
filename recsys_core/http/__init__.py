"""The HTTP API on the app's own server: health, metrics and recommendations, without a browser."""
