#!/bin/sh
# Makes .venv with locked dependencies from nothing but python3. Harmless to repeat; quick when nothing changed.
set -eu
cd "$(dirname "$0")/.."
UV_VERSION=0.13.9
tools=.make/tools

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for name in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python3; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    say "Python 3.11, 3.12 or 3.13 is needed; python3 here is $(python3 --version 2>&1 || echo missing)."
    say "Install one (Debian: apt-get install python3), or name it: make run PYTHON=/path/to/python3.12"
    exit 1
}

make_tools() {
    if "$1" -m venv "$tools" 2>/dev/null; then return; fi
    # Debian splits the venv module off.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing Debian's python3-venv …"
        apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >&2
        "$1" -m venv "$tools" && return
    fi
    say "python3 cannot make virtual environments. On Debian or Ubuntu: sudo apt-get install python3-venv"
    exit 1
}

# A lock file's own index settings win; a shell's must not leak into it.
for name in UV_INDEX UV_DEFAULT_INDEX UV_INDEX_URL UV_EXTRA_INDEX_URL; do unset "$name" 2>/dev/null || true; done
if ! "$tools/bin/uv" --version 2>/dev/null | grep -q " $UV_VERSION "; then
    python=$(find_python)
    rm -rf "$tools"
    make_tools "$python"
    say "Installing uv $UV_VERSION …"
    "$tools/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"
fi
python=${python:-$("$tools/bin/python" -c 'import sys; print(sys.executable)')}
# Compiled now: the second start should not compile, and some machines forbid it at run time.
"$tools/bin/uv" sync --quiet --locked --compile-bytecode --python "$python"
.venv/bin/python -m compileall -q backend/woodpecker_api
