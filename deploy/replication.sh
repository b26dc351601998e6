#!/bin/sh
# Lets a copy on the same private network follow this database; run once, when the database is made.
set -eu

echo "host replication $POSTGRES_USER samenet scram-sha-256" >>"$PGDATA/pg_hba.conf"
