"""The public API: the record as lists for programs, read only, versioned by its address."""
