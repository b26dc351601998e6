"""Thin views: parse the request, ask one query, build pictures and tables, render."""
