#!/bin/sh
# Try the image with services that are thrown away after: smoke.sh [--no-build]
#
# Its exit code is that of the tests; what they and the containers said is left in smoke-test-results/.
set -eu

SMOKE_USER=$(id -u):$(id -g)
export SMOKE_USER

compose() {
    docker compose --file docker-compose.smoke.yml --env-file .env.smoke "$@"
}

finish() {
    compose logs --no-color >smoke-test-results/containers.log 2>&1 || true
    compose down --volumes --remove-orphans
}

mkdir -p smoke-test-results
trap finish EXIT
[ "${1:-}" = --no-build ] || compose build
compose run --rm smoke
