#!/usr/bin/env bash
# Builds the image and tries it, without Docker and without any registry of images: on a stand-in for
# its base that is made from Debian. What is tried stands in scripts/image/trial.py.
#
#   bash scripts/image_check.sh             0: all is well, 1: something is not, 3: it can't be tried here
#   bash scripts/image_check.sh --forget    delete what it keeps for the next time
#
# The stand-in and what was built are kept in ~/.cache/saas-bot (XDG_CACHE_HOME). DEBIAN_MIRROR is where
# Debian comes from, when that is not the usual place; packages of Python come from where pip finds them.
set -euo pipefail
cd "$(dirname "$0")/.."

# The suite of Debian that python:3.12-slim stands on, and no more of it than that has; its Python is 3.13.
SUITE=trixie
PACKAGES=ca-certificates,libstdc++6,passwd,python3,python3-venv
CAN_NOT=3
KEPT_MB=6000

CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/saas-bot/image
RUN=/run/saas-bot-image
BASE=localhost/saas-bot-base:$SUITE
IMAGE=localhost/saas-bot:checked

buildah() {
    TMPDIR="$CACHE/tmp" command buildah --root "$CACHE/storage" --runroot "$RUN" "$@"
}

clean_up() {
    [ ! -d "$CACHE/storage" ] || buildah rm --all >/dev/null || true
    rm -rf "$WORK"
}

can_not() {
    echo "The image can't be tried here: $*" >&2
    exit "$CAN_NOT"
}

need() {
    [ "$(uname -s)" = Linux ] || can_not "it takes Linux"
    [ "$(id -u)" -eq 0 ] || can_not "it takes root, who may mount and change the root directory"
    for tool in buildah mmdebstrap; do
        command -v "$tool" >/dev/null || can_not "$tool is missing: apt-get install $tool"
    done
    unshare --mount --pid --fork mount -t tmpfs tmpfs /mnt 2>/dev/null || can_not "mounting is not allowed"
    [ -x .venv/bin/python ] || can_not "run make install first"
}

make_base() {
    local container
    mmdebstrap --quiet --variant=essential --include="$PACKAGES" --dpkgopt=force-unsafe-io \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        "$SUITE" "$WORK/base.tar" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} \
        || can_not "Debian's packages can't be had; DEBIAN_MIRROR may name another place"
    container=$(buildah from scratch)
    buildah add --quiet "$container" "$WORK/base.tar" / >/dev/null
    buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
    buildah commit --quiet --rm "$container" "$BASE" >/dev/null
    rm "$WORK/base.tar"
}

build() {
    local volumes=() paths
    paths=$(.venv/bin/python scripts/image/pip_conf.py "$WORK/pip.conf")
    for path in $paths; do
        volumes+=(--volume "$path:$path:ro")
    done
    buildah bud --isolation chroot --format docker --layers --pull-never --quiet \
        --build-arg "BASE=$BASE" --secret "id=pip_conf,src=$WORK/pip.conf" "${volumes[@]}" \
        --target runtime --tag "$IMAGE" . >"$WORK/build.log" 2>&1 \
        || { tail -n 40 "$WORK/build.log" >&2; exit 1; }
}

forget() {
    buildah rm --all >/dev/null
    buildah rmi --all --force >/dev/null
    rm -rf "$CACHE" "$RUN"
}

timed() {
    local began=$SECONDS what=$1
    shift
    "$@"
    echo "$what took $((SECONDS - began)) s"
}

megabytes() {
    du -sm "$@" | cut -f1
}

sizes() {
    echo "The image has $(megabytes "$root") MB: $(megabytes "$root/venv") of packages," \
        "$(megabytes "$root/app") of our own, the rest its base"
}

need
mkdir -p "$CACHE/tmp"
exec 9>"$CACHE/lock"
flock --nonblock 9 || can_not "another check is running"
WORK=$(mktemp -d)
trap clean_up EXIT
if [ "${1:-}" = --forget ]; then
    forget
    exit
fi

buildah inspect --type image "$BASE" >/dev/null 2>&1 || timed "The stand-in for the base" make_base
timed "Building" build
container=$(buildah from --pull-never "$IMAGE")
root=$(buildah mount "$container")
sizes
buildah inspect --type image "$IMAGE" >"$WORK/image.json"
timed "Trying it" env TMPDIR="$WORK" .venv/bin/python scripts/image/trial.py "$root" "$WORK/image.json"
kept=$(megabytes "$CACHE")
echo "$CACHE keeps $kept MB for the next time."
# Each change of the packages leaves another gigabyte.
[ "$kept" -le "$KEPT_MB" ] || forget
