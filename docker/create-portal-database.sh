#!/usr/bin/env bash
# Run once by the PostgreSQL image, when its volume is new: the portal's own role, which is no superuser.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$PORTAL_DB_PASSWORD" --username postgres --dbname postgres <<'SQL'
CREATE ROLE portal LOGIN PASSWORD :'password';
CREATE DATABASE portal OWNER portal;
SQL
