"""Signing in: how the packages that do it are fitted to this site. Words are ours, and in one place."""
