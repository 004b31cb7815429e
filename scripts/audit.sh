#!/bin/sh
# Look for known weaknesses in the pinned packages: pip-audit asks PyPI; safety asks its makers, who want an
# account, so it joins in where SAFETY_API_KEY is set. Both come by uv, at these versions: audit.sh UVX
set -eu

uvx=$1

ask() {
    echo "==> $1" >&2
    "$uvx" "$@" && return
    echo "$1 has found something, or could not ask: see above. Without a way to its database nobody can tell." >&2
    exit 1
}

for file in requirements.txt requirements-dev.txt; do
    ask pip-audit@2.10.1 --strict --require-hashes --disable-pip --progress-spinner off --requirement "$file"
done
if [ -n "${SAFETY_API_KEY:-}" ]; then
    ask safety@3.8.1 --stage cicd scan
else
    echo "safety did not look: SAFETY_API_KEY is not set." >&2
fi
