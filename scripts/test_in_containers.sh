#!/bin/sh
# Run the tests inside the image, on a database that exists for this run only.
set -eu

compose() {
    docker compose --env-file .env.test "$@"
}

trap 'compose rm --stop --force --volumes test_db >/dev/null' EXIT
compose up --detach --wait test_db
compose run --rm bot pytest "$@"
