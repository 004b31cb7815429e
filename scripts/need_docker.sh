#!/bin/sh
# Say what the container targets lack, one reason at a time: need_docker.sh COMPOSE_FILE
set -eu

lack() {
    echo "This target runs containers, and $1" >&2
    echo "Without containers: make demo runs everything on this machine, make test tests it." >&2
    exit 1
}

[ -f "$1" ] || lack "there is no $1 here."
command -v docker >/dev/null || lack "Docker is not installed: https://docs.docker.com/engine/install/"
docker compose version >/dev/null 2>&1 || lack "Docker's compose plugin is not installed."
docker info >/dev/null 2>&1 || lack "the Docker daemon does not answer: is it running, and may you use it?"
