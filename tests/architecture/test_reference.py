"""What the reference pages say is what the program has."""

import re
from pathlib import Path

from tests.test_errors import all_errors
from woodpecker_api.config import SETTING_NAMES, Settings
from woodpecker_api.http.problem import _SENTENCES
from woodpecker_api.system.settings.values import AppSettings

# Made by the web framework's own errors, not by one of ours.
FRAMEWORK_CODES = {code: status for status, (code, _) in _SENTENCES.items()} | {"request_failed": 400}


def test_every_error_code_is_explained_with_its_status_and_no_other_is(reference: Path) -> None:
    rows = _rows(reference / "errors.md", r"^\| `([a-z_]+)` \| (\d{3}) \| (.+) \| (.+) \|$")
    documented = {code: int(status) for code, status, _when, _next in rows}
    expected = FRAMEWORK_CODES | {error.code: error.status for error in all_errors()}
    missing = {code: status for code, status in expected.items() if documented.get(code) != status}
    assert not missing, "add to docs/reference/errors.md:\n" + "\n".join(
        f"| `{code}` | {status} | when | next step |" for code, status in sorted(missing.items())
    )
    assert set(documented) - set(expected) == set()


def test_the_codes_stand_in_order(reference: Path) -> None:
    codes = [row[0] for row in _rows(reference / "errors.md", r"^\| `([a-z_]+)` \| (\d{3}) ")]
    assert codes == sorted(codes)


def test_every_setting_of_the_environment_is_explained_with_its_default(reference: Path) -> None:
    rows = _rows(reference / "settings.md", r"^\| `([A-Z_]+)` \| (.+?) \| (.+) \|$")
    assert [row[0] for row in rows] == list(SETTING_NAMES)
    for (name, shown, _meaning), field in zip(rows, Settings.model_fields.values(), strict=True):
        if field.default is not None:
            assert str(getattr(field.default, "value", field.default)).removesuffix(".0") in shown, name


def test_every_setting_of_the_settings_page_is_explained_with_its_default(reference: Path) -> None:
    rows = {row[0]: row[1] for row in _rows(reference / "settings.md", r"^\| `([a-z_]+)` \| (.+?) \| .+ \|$")}
    assert set(rows) == set(AppSettings.model_fields)
    for name, field in AppSettings.model_fields.items():
        assert rows[name] == (
            "–" if field.default in (None, "") else f"`{_plain(field.get_default(call_default_factory=True))}`"
        ), name


def _plain(value: object) -> str:
    return str(getattr(value, "value", value))


def _rows(path: Path, pattern: str) -> list[tuple[str, ...]]:
    return re.findall(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
