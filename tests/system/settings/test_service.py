"""Settings that an admin changes: all or nothing, on record, and keys that never leave."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests import builders as make
from woodpecker_api.db.session import Database
from woodpecker_api.errors import ValidationFailedError
from woodpecker_api.kit.crypto import SecretBox, UnreadableSecretError
from woodpecker_api.system.audit.models import AuditLine, AuditPayload
from woodpecker_api.system.audit.service import Actor
from woodpecker_api.system.settings.models import StoredSetting
from woodpecker_api.system.settings.service import (
    Vendor,
    change_settings,
    fact,
    read_setting,
    read_settings,
    set_fact,
    set_vendor_key,
    vendor_key,
)
from woodpecker_api.system.settings.values import AppSettings

ADA = Actor("user", "ada")
BOX = SecretBox(["a key of the tests"])


def test_without_a_change_the_defaults_hold(either_database: Database) -> None:
    with either_database.reading() as db:
        assert read_settings(db) == AppSettings()


def test_a_change_is_kept_and_on_record_with_before_and_after(either_database: Database) -> None:
    with either_database.writing() as db:
        change_settings(db, ADA, {"run_budget_usd": "2.5", "keep_exported_content_days": None}, make.NOON)
    with either_database.reading() as db:
        settings = read_settings(db)
        assert (settings.run_budget_usd, settings.keep_exported_content_days) == (Decimal("2.5"), None)
        assert db.scalars(sa.select(AuditLine.action)).all() == ["settings.changed"]
        assert db.get_one(AuditPayload, 1).payload == {
            "before": {"run_budget_usd": None, "keep_exported_content_days": 180},
            "after": {"run_budget_usd": "2.500000", "keep_exported_content_days": None},
        }


def test_a_change_that_changes_nothing_leaves_no_line(database: Database) -> None:
    with database.writing() as db:
        change_settings(db, ADA, {"export_batch_size": 50}, make.NOON)
        change_settings(db, ADA, {}, make.NOON)
    with database.reading() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(AuditLine)) == 0
        assert db.scalar(sa.select(sa.func.count()).select_from(StoredSetting)) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"export_batch_size": 0},
        {"export_batch_size": None},
        {"run_budget_usd": "-1"},
        {"run_budget_usd": "NaN"},
        {"run_budget_usd": "1e30"},
        {"colour": "red"},
        {"anthropic_api_key": {"encrypted": "x"}},
        {"countdown_seconds": 601, "export_batch_size": 20},
    ],
)
def test_a_value_that_cannot_be_used_stops_the_whole_change(database: Database, changes: dict[str, object]) -> None:
    with pytest.raises(ValidationFailedError) as refusal, database.writing() as db:
        change_settings(db, ADA, changes, make.NOON)
    assert refusal.value.errors[0].field in changes
    with database.reading() as db:
        assert read_settings(db) == AppSettings()


def test_a_stored_value_that_no_longer_fits_counts_as_not_set_and_spares_the_others(database: Database) -> None:
    with database.writing() as db:
        for name, value in (("export_batch_size", 5000), ("countdown_seconds", 5), ("of_an_older_version", 1)):
            db.add(StoredSetting(name=name, value=value, updated_at=make.NOON))
    with database.reading() as db:
        settings = read_settings(db)
    assert (settings.export_batch_size, settings.countdown_seconds) == (50, 5)


def test_one_setting_alone_reads_as_it_does_among_all(either_database: Database) -> None:
    with either_database.writing() as db:
        change_settings(db, ADA, {"run_budget_usd": "2.5", "keep_exported_content_days": None}, make.NOON)
        db.add(StoredSetting(name="export_batch_size", value=5000, updated_at=make.NOON))
    with either_database.reading() as db:
        every = read_settings(db)
        assert {name: read_setting(db, name) for name in AppSettings.model_fields} == dict(every)
        assert every.keep_exported_content_days is None, "somebody chose to keep them for ever"


def test_a_key_is_stored_closed_replaced_and_removed(either_database: Database) -> None:
    with either_database.writing() as db:
        set_vendor_key(db, ADA, BOX, Vendor.WOODPECKER, " sk-first \n", make.NOON)
        set_vendor_key(db, ADA, BOX, Vendor.WOODPECKER, "sk-second", make.NOON)
    with either_database.reading() as db:
        assert vendor_key(db, BOX, Vendor.WOODPECKER) == "sk-second"
        assert vendor_key(db, BOX, Vendor.ANTHROPIC) is None
        assert "sk-" not in str(db.scalars(sa.select(StoredSetting.value)).all())
        assert "sk-" not in str(db.scalars(sa.select(AuditPayload.payload)).all())
    with either_database.writing() as db:
        set_vendor_key(db, ADA, BOX, Vendor.WOODPECKER, None, make.NOON)
        assert vendor_key(db, BOX, Vendor.WOODPECKER) is None
    with either_database.reading() as db:
        actions = db.scalars(sa.select(AuditLine.action).order_by(AuditLine.id)).all()
    assert actions == ["settings.key_set", "settings.key_set", "settings.key_removed"]


def test_a_key_closed_with_another_secret_says_so(database: Database) -> None:
    with database.writing() as db:
        set_vendor_key(db, ADA, BOX, Vendor.ANTHROPIC, "sk-first", make.NOON)
    with pytest.raises(UnreadableSecretError), database.reading() as db:
        vendor_key(db, SecretBox(["another"]), Vendor.ANTHROPIC)


def test_the_installation_remembers_what_it_is(database: Database) -> None:
    with database.writing() as db:
        set_fact(db, "environment", "staging")
        set_fact(db, "environment", "production")
        assert (fact(db, "environment"), fact(db, "unknown")) == ("production", None)
