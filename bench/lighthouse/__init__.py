"""Lighthouse over the kinds of page: see __main__.py."""
