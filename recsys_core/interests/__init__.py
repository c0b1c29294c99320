"""User-interest vectors, named interests and the map."""
