"""Settings that come from the environment, read once; everything else is changed in Settings by an admin.

Each name can also be given as NAME_FILE, the path of a file that holds the value (Docker secrets).
"""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict


class Environment(StrEnum):
    SANDBOX = "sandbox"
    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"


class SettingsError(Exception):
    """The settings cannot be used; the message names each problem on a line of its own."""


# Vendor queue time (15 s), send_by (10 s) and a margin (60 s): what an unknown outcome rests beyond the deadline.
SETTLE_BEYOND_DEADLINE_SECONDS = 85


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=None, extra="ignore", case_sensitive=True, populate_by_name=True)

    environment: Environment = Field(Environment.SANDBOX, alias="APP_ENVIRONMENT")
    data_dir: Path = Field(Path("./data"), alias="APP_DATA_DIR")
    database_url: SecretStr | None = Field(None, alias="DATABASE_URL")
    host: str = Field("127.0.0.1", alias="APP_HOST")
    port: int = Field(8000, alias="APP_PORT", ge=0, le=65535)
    public_url_setting: str | None = Field(None, alias="APP_PUBLIC_URL")
    worker: Literal["inside", "none"] = Field("inside", alias="APP_WORKER")
    secret_key: SecretStr | None = Field(None, alias="APP_SECRET_KEY")
    admin_email: str | None = Field(None, alias="APP_ADMIN_EMAIL")
    admin_password: SecretStr | None = Field(None, alias="APP_ADMIN_PASSWORD")
    anthropic_api_key: SecretStr | None = Field(None, alias="ANTHROPIC_API_KEY")
    anthropic_base_url: str | None = Field(None, alias="ANTHROPIC_BASE_URL")
    woodpecker_api_key: SecretStr | None = Field(None, alias="WOODPECKER_API_KEY")
    woodpecker_base_url: str = Field("https://api.woodpecker.co/rest", alias="WOODPECKER_BASE_URL")
    notify_urls: SecretStr | None = Field(None, alias="APP_NOTIFY_URLS")
    trusted_proxies: str = Field("", alias="APP_TRUSTED_PROXIES")
    woodpecker_deadline_seconds: float = Field(60.0, alias="APP_WOODPECKER_DEADLINE_SECONDS", gt=0, allow_inf_nan=False)
    settle_seconds: float = Field(145.0, alias="APP_SETTLE_SECONDS", gt=0, allow_inf_nan=False)
    drain_file: Path | None = Field(None, alias="APP_DRAIN_FILE")

    @property
    def public_url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url_setting or f"http://{host}:{self.port}").rstrip("/")

    @property
    def resolved_database_url(self) -> str:
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.resolve() / 'woodpecker-api.sqlite3'}"

    @property
    def is_strict(self) -> bool:
        """Staging and production refuse what the other environments only warn about."""
        return self.environment in (Environment.STAGING, Environment.PRODUCTION)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load_settings` hands in: the environment is read there, with its NAME_FILE twins."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


SETTING_NAMES: tuple[str, ...] = tuple(str(field.alias) for field in Settings.model_fields.values())


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises `SettingsError` that names every problem at once."""
    values, problems = _collect(os.environ if environ is None else environ)
    try:
        settings = Settings(**values)
    except ValidationError as error:
        problems += [f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()]
        # Go on without the unreadable ones, so that everything that is wrong is named at once.
        named = {str(e["loc"][0]) for e in error.errors()}
        settings = Settings(**{name: value for name, value in values.items() if name not in named})
        problems += [problem for problem in _unsafe(settings) if problem.partition(":")[0] not in named]
        raise SettingsError("\n".join(problems)) from None
    problems += _unsafe(settings)
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _collect(environ: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems: list[str] = []
    for name in SETTING_NAMES:
        path = environ.get(f"{name}_FILE", "")
        if path:
            try:
                # An empty file is a secret that is not in use: compose wants the file to be there all the same.
                if text := Path(path).read_text(encoding="utf-8").strip():
                    values[name] = text
            except OSError as error:
                problems.append(f"{name}_FILE: {path} cannot be read ({error.strerror}).")
            except UnicodeDecodeError:
                problems.append(f"{name}_FILE: {path} is no UTF-8 text.")
        elif environ.get(name, "") != "":
            values[name] = environ[name]
    return values, problems


def _unsafe(settings: Settings) -> list[str]:
    problems: list[str] = []
    shortest = settings.woodpecker_deadline_seconds + SETTLE_BEYOND_DEADLINE_SECONDS
    if settings.environment is not Environment.SANDBOX and settings.settle_seconds < shortest:
        problems.append(
            f"APP_SETTLE_SECONDS: {settings.settle_seconds:g} is shorter than APP_WOODPECKER_DEADLINE_SECONDS"
            f" + {SETTLE_BEYOND_DEADLINE_SECONDS}; use {shortest:g} or more."
        )
    if settings.environment is not Environment.PRODUCTION:
        return problems
    if not settings.public_url.startswith("https://"):
        problems.append("APP_PUBLIC_URL: production needs an https:// address, else cookies travel in the clear.")
    if settings.secret_key is None:
        problems.append("APP_SECRET_KEY: production needs a key that is kept apart from the data directory.")
    if settings.admin_password and len(settings.admin_password.get_secret_value()) < 12:
        problems.append("APP_ADMIN_PASSWORD: use at least 12 characters.")
    for name, url in (
        ("WOODPECKER_BASE_URL", settings.woodpecker_base_url),
        ("ANTHROPIC_BASE_URL", settings.anthropic_base_url),
    ):
        if url and not url.startswith("https://"):
            problems.append(f"{name}: production speaks to vendors over https:// only.")
    return problems
