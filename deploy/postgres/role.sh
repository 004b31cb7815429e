#!/bin/sh
# Make the role that the application logs in as, and its database; PostgreSQL's image runs this once, on empty data.
#
# The role may make databases and roles but is no superuser, so that row-level security binds it. The superuser
# loses its password: it can be reached from inside of the container only.
set -eu

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
    --set user="$APP_USER" --set password="$APP_PASSWORD" --set database="$APP_DB" <<'SQL'
create role :"user" login createdb createrole password :'password';
create database :"database" owner :"user";
alter role postgres password null;
SQL
