"""Keeping a workspace whole: what does not fit together in it, its repair, its backup."""
