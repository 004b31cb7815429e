#!/bin/sh
# Run the tests inside the image, on a database that exists for this run only.
set -eu

compose() {
    docker compose --profile test "$@"
}

trap 'compose rm --stop --force --volumes tests test_db >/dev/null' EXIT
if [ "$#" -gt 0 ]; then
    set -- python3 -m pytest "$@"
fi
compose run --build --rm tests "$@"
