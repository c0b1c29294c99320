"""Recommenders, blend, cold start and reasons."""
