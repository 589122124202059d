"""One small file says whether people may work, look, or have to wait."""

from pathlib import Path

from tests.builders import NOON
from woodpecker_api.system.modes.service import FILE, Mode, ModeFile


def test_without_a_file_everybody_may_work(tmp_path: Path) -> None:
    assert ModeFile(tmp_path).read().mode is Mode.LIVE
    assert ModeFile(tmp_path / "not there").read().mode is Mode.LIVE


def test_what_one_process_sets_another_sees_with_its_next_look(tmp_path: Path) -> None:
    one, other = ModeFile(tmp_path), ModeFile(tmp_path)
    one.set(Mode.READ_ONLY, None, NOON)
    assert (other.read().mode, other.read().since) == (Mode.READ_ONLY, NOON)
    one.set(Mode.MAINTENANCE, "Moving house.", NOON)
    assert (other.read().mode, other.read().message) == (Mode.MAINTENANCE, "Moving house.")
    one.set(Mode.LIVE, None, NOON)
    assert other.read().mode is Mode.LIVE
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_understood_keeps_people_out(tmp_path: Path) -> None:
    for text in ("", "{}", "[]", '{"mode": "holiday", "message": "", "since": "2026-01-01"}'):
        (tmp_path / FILE).write_text(text)
        assert ModeFile(tmp_path).read().mode is Mode.MAINTENANCE
