"""Settings by environment: defaults, files for secrets, and refusals that name everything at once."""

from pathlib import Path

import pytest

from woodpecker_api.config import SETTING_NAMES, Environment, Settings, SettingsError, load_settings

SAFE = {
    "APP_ENVIRONMENT": "production",
    "APP_PUBLIC_URL": "https://leads.example",
    "APP_SECRET_KEY": "x" * 44,
    "APP_DATA_DIR": "/var/lib/woodpecker-api",
}


def test_with_nothing_set_the_program_runs_in_the_sandbox_on_this_machine() -> None:
    settings = load_settings({})
    assert (settings.environment, settings.host, settings.port) == (Environment.SANDBOX, "127.0.0.1", 8000)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.resolved_database_url.startswith("sqlite:///")
    assert settings.resolved_database_url.endswith("/data/woodpecker-api.sqlite3")
    assert (settings.woodpecker_deadline_seconds, settings.settle_seconds) == (60, 145)


def test_the_names_are_those_of_the_contract() -> None:
    assert set(SETTING_NAMES) == {
        *("APP_ENVIRONMENT", "APP_DATA_DIR", "DATABASE_URL", "APP_HOST", "APP_PORT", "APP_PUBLIC_URL", "APP_WORKER"),
        *("APP_SECRET_KEY", "APP_ADMIN_EMAIL", "APP_ADMIN_PASSWORD", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"),
        *("WOODPECKER_API_KEY", "WOODPECKER_BASE_URL", "APP_NOTIFY_URLS", "APP_TRUSTED_PROXIES"),
        *("APP_WOODPECKER_DEADLINE_SECONDS", "APP_SETTLE_SECONDS", "APP_DRAIN_FILE"),
    }


def test_a_secret_may_come_from_a_file_without_its_line_end(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("sk-secret\n", encoding="utf-8")
    settings = load_settings({"ANTHROPIC_API_KEY_FILE": str(path)})
    assert settings.anthropic_api_key is not None
    assert settings.anthropic_api_key.get_secret_value() == "sk-secret"


@pytest.mark.parametrize("name", SETTING_NAMES)
def test_every_setting_has_its_file_twin(name: str, tmp_path: Path) -> None:
    value = {
        "APP_ENVIRONMENT": "staging",
        "APP_PORT": "8001",
        "APP_WORKER": "none",
        "APP_WOODPECKER_DEADLINE_SECONDS": "60",
        "APP_SETTLE_SECONDS": "150",
    }.get(name, "https://some.example/value")
    path = tmp_path / "value"
    path.write_text(f"{value}\n", encoding="utf-8")
    assert load_settings({f"{name}_FILE": str(path)}) == load_settings({name: value})


def test_an_empty_value_counts_as_not_set() -> None:
    assert load_settings({"APP_PORT": "", "DATABASE_URL": "", "APP_SECRET_KEY_FILE": ""}) == load_settings({})


def test_unreadable_files_are_all_named(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00\x80")
    files = {"ANTHROPIC_API_KEY_FILE": str(tmp_path / "missing"), "WOODPECKER_API_KEY_FILE": str(binary)}
    with pytest.raises(SettingsError) as refusal:
        load_settings(files)
    assert [line.partition(":")[0] for line in str(refusal.value).splitlines()] == list(files)


def test_production_starts_with_safe_settings() -> None:
    assert load_settings(SAFE).is_strict


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_PUBLIC_URL", "http://leads.example"),
        ("APP_PUBLIC_URL", ""),
        ("APP_SECRET_KEY", ""),
        ("APP_ADMIN_PASSWORD", "short"),
        ("WOODPECKER_BASE_URL", "http://api.woodpecker.co/rest"),
        ("ANTHROPIC_BASE_URL", "http://api.anthropic.com"),
        ("APP_SETTLE_SECONDS", "144"),
    ],
)
def test_production_refuses_each_unsafe_setting_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name}: ") as refusal:
        load_settings(SAFE | {name: value})
    assert len(str(refusal.value).splitlines()) == 1


def test_production_names_all_that_is_wrong_at_once_also_beside_what_cannot_be_read() -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings(
            {
                "APP_ENVIRONMENT": "production",
                "APP_PORT": "eighty",
                "APP_ADMIN_PASSWORD": "short",
                "APP_SETTLE_SECONDS": "10",
                "APP_SECRET_KEY_FILE": "/nowhere",
            }
        )
    named = [line.partition(":")[0] for line in str(refusal.value).splitlines()]
    assert set(named) == {
        *("APP_PORT", "APP_SECRET_KEY_FILE", "APP_SETTLE_SECONDS"),
        *("APP_PUBLIC_URL", "APP_SECRET_KEY", "APP_ADMIN_PASSWORD"),
    }


def test_a_refusal_never_repeats_a_secret() -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings(SAFE | {"APP_ADMIN_PASSWORD": "hunter2", "APP_PORT": "x"})
    assert "hunter2" not in str(refusal.value)
    assert "hunter2" not in repr(Settings(admin_password="hunter2"))


@pytest.mark.parametrize("environment", ["development", "staging", "production"])
def test_a_settle_time_shorter_than_the_vendor_may_still_act_is_refused_outside_the_sandbox(environment: str) -> None:
    with pytest.raises(SettingsError, match="APP_SETTLE_SECONDS"):
        load_settings(SAFE | {"APP_ENVIRONMENT": environment, "APP_WOODPECKER_DEADLINE_SECONDS": "61"})
    assert load_settings({"APP_SETTLE_SECONDS": "1"}).settle_seconds == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_ENVIRONMENT", "prod"),
        ("APP_WORKER", "outside"),
        ("APP_PORT", "70000"),
        ("APP_SETTLE_SECONDS", "0"),
        ("APP_SETTLE_SECONDS", "inf"),
        ("APP_WOODPECKER_DEADLINE_SECONDS", "nan"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({name: value})


def test_links_follow_the_public_address() -> None:
    assert load_settings({"APP_PUBLIC_URL": "https://leads.example/"}).public_url == "https://leads.example"
    assert load_settings({"APP_HOST": "::1", "APP_PORT": "81"}).public_url == "http://[::1]:81"


def test_a_secret_in_an_empty_file_is_not_set(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("\n")
    assert load_settings({"ANTHROPIC_API_KEY_FILE": str(tmp_path / "key")}).anthropic_api_key is None
