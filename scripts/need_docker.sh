#!/bin/sh
# Say what the container targets lack, one reason at a time: need_docker.sh COMPOSE_FILE [FILE_OF_SETTINGS]
set -eu

lack() {
    echo "This target runs containers, and $1" >&2
    echo "Without containers: make demo runs everything on this machine, make test tests it." >&2
    exit 1
}

[ -f "$1" ] || lack "there is no $1 here."
command -v docker >/dev/null || lack "Docker is not installed: https://docs.docker.com/engine/install/"
version=$(docker compose version --short 2>/dev/null) || lack "Docker's compose plugin is not installed."
oldest=$(printf '%s\n' 2.24.0 "${version#v}" | sort -V | head -n 1)
[ "$oldest" = 2.24.0 ] || lack "Docker Compose is $version: 2.24 or newer is needed."
docker info >/dev/null 2>&1 || lack "the Docker daemon does not answer: is it running, and may you use it?"
[ -z "${2:-}" ] || [ -f "$2" ] || lack "there is no $2 yet: cp $2.example $2, then look through it."
