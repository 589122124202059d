"""The commands of the runbooks run as they stand, page by page, on an installation of their own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.docs.pages import DOCS, REPOSITORY

PAGES = sorted(path for path in (DOCS / "runbooks").glob("*.md") if path.name != "README.md")
# What a page takes for granted: an installation with an admin.
FIRST = """
woodpecker-api db upgrade
echo "a password of 12 or more" | woodpecker-api users create first@team.test --role admin
"""


def _commands(page: Path) -> str:
    """The blocks marked sh, also those inside a numbered step."""
    found = re.findall(r"^( *)```sh\n(.*?)^\1```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return "\n".join(re.sub(rf"(?m)^{indent}", "", text) for indent, text in found)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
@pytest.mark.timeout(600)
def test_the_commands_of_a_runbook_run_as_they_stand(page: Path, tmp_path: Path) -> None:
    first = "" if page.stem == "install" else FIRST
    done = subprocess.run(
        ["bash", "-c", f"set -euo pipefail\n{first}\n{_commands(page)}"],
        cwd=tmp_path,
        env={
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "APP_DATA_DIR": str(tmp_path / "data"),
            "APP_WOODPECKER_DEADLINE_SECONDS": "2",
            "APP_SETTLE_SECONDS": "2",
        },
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_every_runbook_has_commands_that_are_run() -> None:
    assert {page.stem for page in PAGES} >= {"install", "upgrade", "rollback", "restore", "vendor-outage", "full-disk"}
    assert [page.stem for page in PAGES if not _commands(page)] == []


def test_every_alert_leads_to_a_runbook_that_is_there() -> None:
    rules = yaml.safe_load((REPOSITORY / "deploy" / "monitoring" / "rules.yml").read_text(encoding="utf-8"))
    alerts = [rule for group in rules["groups"] for rule in group["rules"] if "alert" in rule]
    assert len(alerts) > 10
    for rule in alerts:
        assert (REPOSITORY / rule["annotations"]["runbook"]).is_file(), rule["alert"]


def test_the_page_of_contents_names_every_runbook() -> None:
    contents = (DOCS / "runbooks" / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\((\S+\.md)\)", contents)) == {page.name for page in PAGES}
