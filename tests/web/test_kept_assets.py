from pathlib import Path

import pytest

from woodpecker_api.web.kept_assets import KEEP_SECONDS, keep_assets, kept_asset

NOON = 1_800_000_000.0
HOUR = 3600.0


def a_release(folder: Path, *names: str) -> Path:
    """Built pages that have these assets, each with its own name as content."""
    (folder / "assets").mkdir(parents=True)
    for name in names:
        (folder / "assets" / name).write_text(name)
    return folder


def test_a_file_of_the_release_before_is_found_for_a_day_after_it_was_replaced(tmp_path: Path) -> None:
    old, new = a_release(tmp_path / "old", "page-1.js", "both.js"), a_release(tmp_path / "new", "page-2.js", "both.js")
    data = tmp_path / "data"
    keep_assets(old, data, NOON)
    # The old release served for a year: its day begins with the new one.
    replaced = NOON + 365 * 24 * HOUR
    keep_assets(new, data, replaced)
    keep_assets(new, data, replaced + KEEP_SECONDS - 1)
    kept = kept_asset(data, "page-1.js")
    assert kept is not None
    assert kept.read_text() == "page-1.js"
    keep_assets(new, data, replaced + KEEP_SECONDS + 1)
    assert kept_asset(data, "page-1.js") is None
    assert kept_asset(data, "both.js") is not None


def test_a_restart_of_the_same_release_does_not_lengthen_the_day(tmp_path: Path) -> None:
    data = tmp_path / "data"
    keep_assets(a_release(tmp_path / "old", "page-1.js"), data, NOON)
    new = a_release(tmp_path / "new", "page-2.js")
    for hours in range(0, 26, 5):
        keep_assets(new, data, NOON + hours * HOUR)
    assert kept_asset(data, "page-1.js") is None


def test_going_back_to_the_old_release_keeps_its_files(tmp_path: Path) -> None:
    old, new = a_release(tmp_path / "old", "page-1.js"), a_release(tmp_path / "new", "page-2.js")
    data = tmp_path / "data"
    for hours, release in ((0, old), (1, new), (2, old), (48, old)):
        keep_assets(release, data, NOON + hours * HOUR)
    assert kept_asset(data, "page-1.js") is not None
    assert kept_asset(data, "page-2.js") is None


@pytest.mark.parametrize("name", ["../secret.key", ".current", "sub/../../secret.key", "", "."])
def test_nothing_but_kept_files_is_given_out(tmp_path: Path, name: str) -> None:
    keep_assets(a_release(tmp_path / "old", "page-1.js"), tmp_path / "data", NOON)
    (tmp_path / "data" / "secret.key").write_text("secret")
    assert kept_asset(tmp_path / "data", name) is None
