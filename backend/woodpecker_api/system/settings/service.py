"""Reading and changing settings; vendor keys, encrypted; what this database remembers of itself."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.orm import Session

from woodpecker_api.errors import FieldProblem, ValidationFailedError
from woodpecker_api.kit.crypto import SecretBox, UnreadableSecretError
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.changes.service import announce
from woodpecker_api.system.settings.models import InstallationFact, StoredSetting
from woodpecker_api.system.settings.values import AppSettings

_SUPPRESSION_KEY = "suppression_key"


class Vendor(StrEnum):
    ANTHROPIC = "anthropic"
    WOODPECKER = "woodpecker"


def read_settings(db: Session) -> AppSettings:
    """The present values; a stored one that no longer fits its type counts as not set."""
    names = AppSettings.model_fields
    stored = {row.name: row.value for row in db.scalars(sa.select(StoredSetting).where(StoredSetting.name.in_(names)))}
    try:
        return AppSettings.model_validate(stored)
    except ValidationError as error:
        broken = {str(problem["loc"][0]) for problem in error.errors()}
        return AppSettings.model_validate({name: value for name, value in stored.items() if name not in broken})


def read_setting(db: Session, name: str) -> Any:
    """The present value of one setting, for what asks too often to read all; as `read_settings` has it."""
    # The row, not its value alone: "empty" can be what somebody chose.
    row = db.execute(sa.select(StoredSetting.value).where(StoredSetting.name == name)).one_or_none()
    try:
        settings = AppSettings.model_validate({} if row is None else {name: row.value})
    except ValidationError:
        settings = AppSettings()
    return getattr(settings, name)


def change_settings(db: Session, actor: Actor, changes: dict[str, Any], now: datetime) -> AppSettings:
    """Raises `ValidationFailedError` with a problem for each field; then nothing is changed."""
    before = read_settings(db).model_dump(mode="json")
    try:
        after = AppSettings.model_validate({**before, **changes}).model_dump(mode="json")
    except ValidationError as error:
        problems = tuple(FieldProblem(".".join(map(str, e["loc"])), e["type"], e["msg"]) for e in error.errors())
        raise ValidationFailedError(
            "Some settings cannot be used. Correct the marked fields.", errors=problems
        ) from None
    changed = [name for name in after if after[name] != before[name]]
    for name in changed:
        _store(db, name, after[name], now)
    if changed:
        was, now_is = {n: before[n] for n in changed}, {n: after[n] for n in changed}
        record(db, actor, "settings.changed", ("settings", None), before=was, after=now_is)
        announce(db, "settings")
    return read_settings(db)


def vendor_key(db: Session, box: SecretBox, vendor: Vendor) -> str | None:
    """The key entered in Settings, decrypted; None when there is none. Raises `UnreadableSecretError`."""
    row = db.get(StoredSetting, _key_name(vendor))
    return box.decrypt(row.value["encrypted"]) if row is not None and isinstance(row.value, dict) else None


def set_vendor_key(db: Session, actor: Actor, box: SecretBox, vendor: Vendor, key: str | None, now: datetime) -> None:
    """None removes it. The audit line says that, when and who, never what."""
    row = db.get(StoredSetting, _key_name(vendor))
    if key is None:
        if row is not None:
            db.delete(row)
            db.flush()
    else:
        _store(db, _key_name(vendor), {"encrypted": box.encrypt(key.strip())}, now)
    record(db, actor, "settings.key_removed" if key is None else "settings.key_set", ("vendor", vendor))
    announce(db, "settings")


def suppression_key(db: Session, box: SecretBox, now: datetime) -> bytes | None:
    """What erased people are hashed with: made once with the installation, never rotated, kept encrypted and with each backup.

    None when it was encrypted with a key that is not among ours: another one would recognise nobody.
    """
    row = db.get(StoredSetting, _SUPPRESSION_KEY)
    if row is None:
        secret = secrets.token_hex(32)
        _store(db, _SUPPRESSION_KEY, {"encrypted": box.encrypt(secret)}, now)
        return bytes.fromhex(secret)
    assert isinstance(row.value, dict)
    try:
        return bytes.fromhex(box.decrypt(row.value["encrypted"]))
    except UnreadableSecretError:
        return None


def fact(db: Session, name: str) -> str | None:
    row = db.get(InstallationFact, name)
    return row.value if row else None


def set_fact(db: Session, name: str, value: str) -> None:
    row = db.get(InstallationFact, name)
    if row is None:
        db.add(InstallationFact(name=name, value=value))
    else:
        row.value = value
    db.flush()


def _store(db: Session, name: str, value: Any, now: datetime) -> None:
    row = db.get(StoredSetting, name)
    if row is None:
        db.add(StoredSetting(name=name, value=value, updated_at=now))
    else:
        row.value, row.version, row.updated_at = value, row.version + 1, now
    db.flush()


def _key_name(vendor: Vendor) -> str:
    return f"{vendor}_api_key"
