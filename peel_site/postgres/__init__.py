"""Django's PostgreSQL backend, for a database that may be away for a while (ENGINE "peel_site.postgres")."""
