"""The whole public site as files that any web server or object store can serve, and that open from a folder."""
