#!/bin/sh
# All Python tests. With CI set, tests that failed beside others are tried once more, alone: a browser, a server and a database on two busy
# cores may run out of time. A test that fails twice fails; one that failed once stays readable in the output.
set -u
cd "$(dirname "$0")/.."
# Where only the end of the output is kept, short tracebacks leave room for all failures.
traces=auto && [ -n "${CI:-}" ] && traces=short
.venv/bin/pytest -n "${WORKERS:-2}" --dist loadfile --tb="$traces" "${@:-tests}"
status=$?
if [ "$status" = 1 ] && [ -n "${CI:-}" ]; then
    printf '\nSome tests failed above. Each of them once more, alone:\n'
    .venv/bin/pytest --last-failed --last-failed-no-failures none --tb="$traces" "${@:-tests}"
    status=$?
fi
exit "$status"
