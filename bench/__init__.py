"""How fast the pages and the seed are on this machine."""
