"""What stands around the site: the proxy, backups, and all of it without containers."""
