"""Official statistics: read, parse, match, compare, apply. One module a source; none of them knows a file's name."""
