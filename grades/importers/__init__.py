"""Files in: read, parse, match, compare, apply. All or nothing, and every bad line listed."""
