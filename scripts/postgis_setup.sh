#!/bin/sh
# Installs PostgreSQL with PostGIS where it is missing, for `make test-postgis`. The tests start a server of their own
# in a temporary folder: no cluster of the system is made, started or touched.
set -eu

if ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 \
    && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    exit 0
fi
if command -v initdb >/dev/null 2>&1 && [ -e "$(pg_config --sharedir 2>/dev/null)/extension/postgis.control" ]; then
    exit 0
fi
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "install PostgreSQL with PostGIS, with initdb on the path" >&2
    exit 1
fi
# Debian's package makes a cluster and starts it, unless told not to.
no_cluster=/etc/postgresql-common/createcluster.d/none-for-tests.conf
if [ ! -e /etc/postgresql-common ]; then
    $as_root mkdir -p "$(dirname "$no_cluster")"
    echo "create_main_cluster = false" | $as_root tee "$no_cluster" >/dev/null
fi
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-postgis
$as_root rm -f "$no_cluster"
