#!/bin/sh
# Say so when there is no Python that is new enough: need_python.sh PYTHON
set -eu

refuse() {
    echo "Python 3.11 or newer is needed, and $1." >&2
    echo "Install one, or name the one to use: make PYTHON=/path/to/python3" >&2
    exit 1
}

python=${1:-}
[ -n "$python" ] || refuse "none was found"
command -v "$python" >/dev/null || refuse "$python is not there"
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') || refuse "$python does not run"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || refuse "$python is $version"
