#!/bin/bash
# Starts PostgreSQL as a copy that follows the service `database`; the first time it fetches all that is there.
set -euo pipefail

export PGDATA=/var/lib/postgresql/18/docker
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    mkdir -p "$PGDATA"
    chown -R postgres:postgres /var/lib/postgresql
    chmod 700 "$PGDATA"
    rm -rf "${PGDATA:?}"/*
    gosu postgres pg_basebackup --host database --username "$POSTGRES_USER" --pgdata "$PGDATA" --wal-method stream \
        --checkpoint fast --write-recovery-conf
fi
exec gosu postgres "$@"
