"""The real tools: where one is missing its tests are skipped, in CI they fail."""

import os
import shutil

import pytest


def need(*names: str) -> None:
    missing = [name for name in names if shutil.which(name) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(f"CI needs {', '.join(missing)} (scripts/test-needs.sh).")
    if missing:
        pytest.skip(f"no {', '.join(missing)} on this machine")
