#!/bin/sh
# Backups of the record: made of one moment, proved by restoring them, and brought back by one command.
#
#   backup.sh backup FOLDER           write one, restore it beside the record, compare, and only then give it its name
#   backup.sh every SECONDS FOLDER    the same again and again; BACKUPS_KEPT (default 30) of them stay
#   backup.sh verify FILE             restore one beside the record and say what it holds
#   backup.sh restore FILE            put one in the record's place
#
# The database is that of DATABASE_URL, asked by PostgreSQL's own programs, which are looked for on PATH. Its role must be
# allowed to create databases: what is restored for comparison is a database of its own, which goes again.
set -eu
umask 077  # what lies in a backup is for nobody else

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

[ -n "${DATABASE_URL:-}" ] || fail "DATABASE_URL must say which database: postgres://user:password@host:5432/peel"

# The same server, another database; what follows the name (?sslmode=…) stays.
beside() { printf '%s' "$DATABASE_URL" | sed -E "s#^([a-z]+://[^/]*/)[^?]*#\1$1#"; }

sql() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "$@"; }

# How many rows each table holds, and the newest digest of the change log, on which all entries before hang.
CONTENTS="
    SELECT format('SELECT %L, count(*) FROM %I.%I', relname, 'public', relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname \\gexec
    SELECT 'head of the log', number, digest FROM grades_changelogentry ORDER BY number DESC LIMIT 1;"

scratch=""
work=$(mktemp -d)
clean() {
    status=$?
    [ -z "$scratch" ] || sql "$DATABASE_URL" --command "DROP DATABASE IF EXISTS $scratch" >/dev/null 2>&1 || true
    rm -rf "$work"
    [ -z "${part:-}" ] || rm -f "$part"
    exit $status
}
trap clean EXIT
trap 'exit 143' TERM INT HUP

# Restore a file into a database of its own and write down what that holds.
try() {
    scratch="peel_restored_$$"
    sql "$DATABASE_URL" --command "CREATE DATABASE $scratch TEMPLATE template0" >/dev/null
    pg_restore --exit-on-error --no-owner --no-privileges --dbname "$(beside "$scratch")" "$1"
    printf '%s' "$CONTENTS" | sql "$(beside "$scratch")" >"$work/restored"
    sql "$DATABASE_URL" --command "DROP DATABASE $scratch" >/dev/null
    scratch=""
}

backup() {
    folder=$1
    mkdir -p "$folder"
    name="peel-$(date -u +%Y%m%dT%H%M%SZ).dump"
    part="$folder/.$name.part"
    # One moment for the file and for the counts, however much is written meanwhile.
    {
        say "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
        say "SELECT pg_export_snapshot() AS moment \\gset"
        say "\\setenv MOMENT :moment"
        say "\\! pg_dump --format custom --snapshot \"\$MOMENT\" --file '$part' --dbname \"\$DATABASE_URL\" || echo failed > '$work/failed'"
        say "$CONTENTS"
    } | sql "$DATABASE_URL" >"$work/dumped"
    [ ! -e "$work/failed" ] || fail "The backup could not be written to $folder; nothing there was changed."
    try "$part"
    if ! diff "$work/dumped" "$work/restored" >"$work/differences"; then
        cat "$work/differences" >&2
        fail "The backup does not hold what the record holds, and was thrown away."
    fi
    mv "$part" "$folder/$name"
    part=""
    say "$folder/$name holds $(grep -c . "$work/dumped") lines of contents, restored and compared; $(tail -n 1 "$work/dumped")"
}

forget() {
    ls -1 "$1"/peel-*.dump 2>/dev/null | sort -r | tail -n "+$((${BACKUPS_KEPT:-30} + 1))" | while read -r old; do rm -f "$old"; done
}

case "${1:-}" in
backup)
    backup "${2:?say into which folder}"
    ;;
every)
    while :; do
        # A run of its own, so that a failure is told and does not end those to come.
        "$0" backup "${3:?say into which folder}" && forget "$3" || say "The next backup is tried in $2 seconds." >&2
        sleep "$2" &
        wait $!
    done
    ;;
verify)
    try "${2:?say which file}"
    cat "$work/restored"
    ;;
restore)
    file=${2:?say which file}
    try "$file" # a file that cannot be read is refused before anything is touched
    {
        # All that is there goes, also what a newer release has added; readers wait for the one transaction, or it is as before.
        say "SET client_min_messages = warning;"
        say "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC;"
        pg_restore --no-owner --file - "$file"
        # Counted before anybody can write to it.
        say "SET search_path = public;"
        say "\\o '$work/now'"
        say "$CONTENTS"
        say "\\o"
        say "\\set same \`cmp -s '$work/restored' '$work/now' && echo true || echo false\`"
        say "\\if :same"
        say "\\else"
        say "SELECT 'not what the file holds'::integer;"
        say "\\endif"
    } | sql "$DATABASE_URL" --single-transaction >/dev/null || fail "Nothing was changed: the record would not hold what $file holds."
    say "Restored: $(tail -n 1 "$work/now")"
    ;;
*)
    sed -n 's/^#   //p' "$0"
    exit 2
    ;;
esac
