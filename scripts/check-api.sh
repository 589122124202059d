#!/bin/sh
# Fails when frontend/openapi.json is not what the program says of itself now.
set -eu
cd "$(dirname "$0")/.."
now=$(mktemp)
data=$(mktemp -d)
trap 'rm -rf "$now" "$data"' EXIT
APP_DATA_DIR=$data .venv/bin/woodpecker-api openapi >"$now"
if ! cmp -s "$now" frontend/openapi.json; then
    echo "frontend/openapi.json is stale: run make api and commit what it writes." >&2
    exit 1
fi
