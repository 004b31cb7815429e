#!/bin/sh
# Run a command of the application where it runs: in one more container when those of docker compose are up,
# otherwise from .venv, with the settings of the environment and of .env: where_it_runs.sh COMPOSE COMMAND...
set -eu

compose=$1
shift

containers_are_up() {
    command -v docker >/dev/null && [ -n "$($compose ps --quiet --status running 2>/dev/null)" ]
}

if containers_are_up; then
    echo "In a container, since those of docker compose are up:" >&2
    exec $compose run --rm --no-deps bot python3 -m saas_bot "$@"
fi
${MAKE:-make} --no-print-directory runtime
exec .venv/bin/python -m saas_bot "$@"
