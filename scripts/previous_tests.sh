#!/bin/sh
# Is the mark of each new migration true? previous_tests.sh [RELEASE [TESTS …]]: the tests of the release before this tree run with that
# release's own program, on the schema that this tree makes. What is marked additive must not disturb it: a deploy lets both work at once.
set -eu
cd "$(dirname "$0")/.."
here=$(pwd)
versions=backend/woodpecker_api/migrations/versions
say() { printf '%s\n' "$*" >&2; }

release=${1:-$(git describe --tags --abbrev=0 --match 'v*' HEAD^ 2>/dev/null || true)}
[ $# -eq 0 ] || shift
[ -n "$release" ] || { say "No release before this one: no mark to check."; exit 0; }
changed=$(git diff --name-only --diff-filter=MDR "$release" -- "$versions")
[ -z "$changed" ] || { say "Migrations that $release ran already may not be changed: $changed"; exit 1; }
new=$(git diff --name-only --diff-filter=A "$release" -- "$versions")
[ -n "$new" ] || { say "No migration since $release."; exit 0; }
# The names are separate words.
# shellcheck disable=SC2086
breaking=$(grep -l '^Kind: breaking' $new || true)
[ -z "$breaking" ] || { say "Marked as breaking, so nothing is expected of $release: $breaking"; exit 0; }

before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT
git archive "$release" | tar -x -C "$before"
# shellcheck disable=SC2086
cp $new "$before/$versions/"
say "The tests of $release on the schema with: $(echo "$new" | xargs -n1 basename | xargs)"
cd "$before"
scripts/bootstrap.sh
# Not the tests that compare the models with the schema, nor those that need built pages: they say nothing about the mark.
[ $# -gt 0 ] || set -- tests/features tests/system tests/cli tests/wiring
PYTHONPATH="$here/scripts/plugins" .venv/bin/pytest -q -n "${WORKERS:-2}" --dist loadfile -p new_schema "$@"
