#!/usr/bin/env bash
# Makes a backup of the database, beside this script or where BACKUP_DIR says. Arguments are passed
# on to `python -m saas_bot backup`, as in: bash backups/backup_db.sh list
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

for python in .venv/bin/python python3 python; do
    if "$python" -c "import asyncpg, pydantic_settings" 2>/dev/null; then
        exec "$python" -m saas_bot backup "$@"
    fi
done

echo "No Python here has what the bot needs. Run \`make install\` first, or this in its container:" >&2
echo "    docker compose exec bot bash backups/backup_db.sh" >&2
exit 1
