#!/bin/sh
# What the tests need beside Python packages: a Chromium, PostgreSQL's server, curl. Uses what is there, else installs it.
set -eu
cd "$(dirname "$0")/.."
say() { printf '%s\n' "$*" >&2; }
is_root_on_debian() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }
has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
has_postgres() { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; }

wanted=
has_chromium >/dev/null 2>&1 || wanted="$wanted chromium"
command -v curl >/dev/null 2>&1 || wanted="$wanted curl"
has_postgres >/dev/null 2>&1 || wanted="$wanted postgresql"
# Alert rules and the off-site copy are tried with the real tools; without root their tests are skipped.
if is_root_on_debian; then
    command -v promtool >/dev/null 2>&1 || wanted="$wanted prometheus"
    command -v amtool >/dev/null 2>&1 || wanted="$wanted prometheus-alertmanager"
    command -v prometheus-blackbox-exporter >/dev/null 2>&1 || wanted="$wanted prometheus-blackbox-exporter"
    command -v restic >/dev/null 2>&1 || wanted="$wanted restic"
fi
[ -n "$wanted" ] || exit 0
if is_root_on_debian; then
    say "Installing for the tests:$wanted …"
    apt-get update -qq
    # The server is started by the tests themselves, on a port and in a folder of their own.
    # shellcheck disable=SC2086  the words are separate packages
    # RUNLEVEL=1: packages bring services along that nobody wants started here.
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >&2
    exit 0
fi
case "$wanted" in
*chromium*)
    say "Installing Chromium with Playwright …"
    .venv/bin/playwright install chromium >&2 || {
        say "There is no Chromium for the browser tests. Install one (Debian: sudo apt-get install chromium) and repeat."
        exit 1
    }
    ;;
esac
case "$wanted" in
*postgresql*) say "No PostgreSQL server here: its tests are skipped. To run them: sudo apt-get install postgresql" ;;
esac
