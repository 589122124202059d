"""An erased person is legible nowhere; everybody else, and the record, stand as they were."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import builders as make
from tests.either import either_database
from tests.features.privacy.leaks import download_everything, logging_into_a_file
from tests.features.privacy.world import Privacy, a_context, email_of, numbers_in
from woodpecker_api.config import Settings
from woodpecker_api.db.base import Base
from woodpecker_api.db.session import Database
from woodpecker_api.errors import ValidationFailedError
from woodpecker_api.features.exports.models import Attempt, ExportItem, Removal
from woodpecker_api.features.exports.queries.claims import claims_of
from woodpecker_api.features.exports.queries.suppression import suppressed_keys
from woodpecker_api.features.exports.rules import ItemStatus
from woodpecker_api.features.imports.models import ImportStatus
from woodpecker_api.features.imports.service.looking import sources
from woodpecker_api.features.leads.errors import ExportInProgressError, SuppressionKeyMissingError
from woodpecker_api.features.leads.models import DoNotContact, Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.leads.service.erasing import SUPPRESSION_KEY
from woodpecker_api.features.privacy.errors import PersonBusyError
from woodpecker_api.features.privacy.rules import ErasureStatus
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.audit.service import verify

__all__ = ["either_database"]


def test_no_field_of_an_erased_person_is_legible_in_any_file_and_the_record_verifies(world: Privacy):
    world.fill(0, 12)
    assert world.legible() == set(range(12))
    world.erase(3, 7)
    # So long as Woodpecker has not confirmed, its address is needed; nothing else is left.
    assert world.legible() <= set(range(12))
    world.woodpecker_confirms()
    assert world.legible() == set(range(12)) - {3, 7}
    with world.database.reading() as db:
        *_, last = verify(db)
        assert (last.ok, last.checked > 20) == (True, True)


def test_no_download_and_no_line_of_the_log_names_an_erased_person(world: Privacy):
    world.fill(0, 4)
    assert download_everything(world) >= 7
    before = {
        number for path in (world.settings.data_dir / "downloads").iterdir() for number in numbers_in(path.read_bytes())
    }
    assert before == set(range(4)), "the lists do name people: the look finds what it looks for"
    with logging_into_a_file(world):
        world.erase(2)
        world.woodpecker_confirms()
        download_everything(world)
    assert (world.settings.data_dir / "program.log").stat().st_size > 0
    assert world.legible() == {0, 1, 3}


def test_no_table_names_an_erased_person_on_either_database(either_database: Database, tmp_path: Path):
    (tmp_path / "data").mkdir()
    world = Privacy(either_database, Settings(data_dir=tmp_path / "data"))
    world.fill(0, 4)
    world.erase(2)
    world.woodpecker_confirms()
    with world.database.reading() as db:
        tables = {name: str(db.execute(sa.select(table)).all()) for name, table in Base.metadata.tables.items()}
    assert numbers_in("".join(tables.values()).encode()) == {0, 1, 3}


def test_the_others_keep_every_row(world: Privacy):
    world.fill(0, 3)
    before = _rows_of_others(world)
    world.erase(1)
    after = _rows_of_others(world)
    assert {table: rows for table, rows in before.items() if after[table] != rows} == {}


def _rows_of_others(world: Privacy) -> dict[str, int]:
    """By table, how often somebody who was not erased is named."""
    found: dict[str, int] = {}
    with world.database.reading() as db:
        for name, table in Base.metadata.tables.items():
            # Samples, and the remarks that quote names, go with the dropped file for all who were in it.
            if name in ("imports", "import_issues"):
                continue
            text = "".join(str(tuple(row)) for row in db.execute(sa.select(table))).lower()
            found[name] = text.count("zq000000") + text.count("zq000002")
    return found


def test_what_stays_says_that_it_happened_not_to_whom(world: Privacy):
    world.fill(0, 1)
    [erasure_id] = world.erase(0)
    with world.database.reading() as db:
        attempt, item = db.scalars(sa.select(Attempt)).one(), db.scalars(sa.select(ExportItem)).one()
        assert (attempt.email, attempt.person_name, attempt.company, attempt.domain) == ("", "", "", "")
        assert attempt.template_name == "Default"
        assert attempt.approved_by == world.admin_id
        assert len(item.fields_hash) == 64
        assert item.status == ItemStatus.ADDED
        assert item.address_key.startswith("erased:")
    erasure = world.erasure(erasure_id)
    assert (erasure.status, erasure.email) == (ErasureStatus.ERASED, "")
    assert erasure.counts["attempts"] == 1
    assert erasure.counts["audit_payloads"] >= 2


def test_asking_twice_is_one_erasure(world: Privacy):
    world.fill(0, 1)
    assert world.ask(0) == world.ask(0)


def test_the_erased_are_kept_out_and_an_import_says_so(world: Privacy):
    world.fill(0, 2)
    world.erase(1)
    keys = [address_key(email_of(number)) for number in (0, 1)]
    with world.database.writing() as db:
        db.execute(sa.delete(DoNotContact))
    with world.database.reading() as db:
        assert suppressed_keys(db, keys, world.now) == {keys[1]}
    remarks = sources(world.database, world.now).look_up(keys).remarks
    assert remarks[keys[1]][0] == "erased_before"
    assert "2026-03-02" in remarks[keys[1]][1]
    assert keys[0] not in remarks or remarks[keys[0]][0] != "erased_before"


def test_what_was_added_once_is_found_by_its_hash_also_after_the_person_agreed_anew(world: Privacy):
    from woodpecker_api.features.privacy.service import erasing

    world.fill(0, 2)
    with world.database.reading() as db:
        item = db.scalars(sa.select(ExportItem).order_by(ExportItem.id)).first()
        assert item is not None
        account_id, number = item.woodpecker_account_id, item.campaign_vendor_id
    keys = [address_key(email_of(place)) for place in (0, 1, 7)]
    with world.database.reading() as db:
        before = claims_of(db, account_id, number, keys)
    world.erase(0)
    with world.database.writing() as db:
        erasing.lift(db, make.an_actor(make.a_user(db)), email_of(0))
    with world.database.reading() as db:
        after = claims_of(db, account_id, number, keys)
        there = claims_of(db, account_id, number + 1, keys)
    assert before.taken == after.taken == set(keys[:2])
    assert there.taken == set()
    assert (before.open, after.open) == (set(), set())


def test_whoever_agreed_anew_is_written_to_again_and_a_restore_does_not_repeat_the_erasure(world: Privacy):
    from woodpecker_api.features.privacy.service import erasing

    world.erase(5)
    with world.database.writing() as db:
        hashed = erasing.lift(db, make.an_actor(make.a_user(db)), email_of(5))
    assert hashed is not None
    world.ledger.remove(hashed)
    key = address_key(email_of(5))
    with world.database.reading() as db:
        assert suppressed_keys(db, [key], world.now) == set()
    assert world.ledger.hashes() == {}


def test_without_the_key_nobody_is_taken_for_unknown(world: Privacy):
    world.erase(5)
    del world.database.info[SUPPRESSION_KEY]
    with world.database.reading() as db, pytest.raises(SuppressionKeyMissingError):
        suppressed_keys(db, ["ann@acme.example"], world.now)


def test_a_person_in_an_open_export_is_not_erased_meanwhile(world: Privacy):
    from woodpecker_api.wiring.listeners import connect_rooms

    connect_rooms()
    world.fill(0, 1)
    with world.database.writing() as db:
        db.execute(sa.update(ExportItem).values(status=ItemStatus.QUEUED))
    with pytest.raises(ExportInProgressError):
        world.ask(0)


def test_a_person_whose_texts_are_being_written_is_not_erased_meanwhile(world: Privacy):
    world.fill(0, 1)
    with world.database.writing() as db:
        db.execute(sa.update(Lead).values(status=LeadStatus.GENERATING))
    with pytest.raises(PersonBusyError):
        world.ask(0)


def test_what_is_no_address_is_refused(world: Privacy):
    from woodpecker_api.features.privacy.service import erasing

    with world.database.writing() as db, pytest.raises(ValidationFailedError):
        erasing.ask(db, world.jobs, erasing.Asked(make.an_actor(make.a_user(db)), None), "not an address", world.now)


def test_a_list_that_was_only_looked_at_is_given_up_with_a_sentence(world: Privacy):
    world.fill(0, 2)
    with world.database.writing() as db:
        waiting = make.an_import(db, mapping={"Email": "email"})
        world.uploads.path(waiting.id).write_text(f"Email\n{email_of(1)}\n")
    world.erase(1)
    with world.database.reading() as db:
        given_up = db.get_one(type(waiting), waiting.id)
    assert (given_up.status, given_up.error_code) == (ImportStatus.FAILED, "person_erased")
    assert not world.uploads.path(waiting.id).exists()


def test_a_crash_after_the_rows_were_emptied_still_drops_the_file(world: Privacy, monkeypatch: pytest.MonkeyPatch):
    world.fill(0, 1)
    erasure_id = world.ask(0)
    # A crash at the one moment between commit and unlink cannot be had otherwise.
    monkeypatch.setattr("woodpecker_api.features.privacy.jobs.drop_files", _crash)
    with pytest.raises(RuntimeError):
        world.work.erase(a_context(), erasure_id)
    monkeypatch.undo()
    world.run(erasure_id)
    world.woodpecker_confirms()
    assert world.legible() == set()


def _crash(*_: object) -> None:
    raise RuntimeError("the process ends here")


def test_woodpecker_is_asked_to_delete_and_blacklist_and_only_its_word_ends_the_erasure(world: Privacy):
    world.fill(0, 1)
    [erasure_id] = world.erase(0)
    world.work.watch(a_context(), "")
    assert world.erasure(erasure_id).status == ErasureStatus.ERASED
    with world.database.reading() as db:
        removal = db.scalars(sa.select(Removal)).one()
        assert (removal.blacklist, removal.erasure_id) == (True, erasure_id)
    world.woodpecker_confirms()
    assert world.erasure(erasure_id).status == ErasureStatus.DONE
    with world.database.reading() as db:
        assert db.scalars(sa.select(Removal.email)).all() == [""]


def test_a_restored_database_erases_again_whom_the_ledger_names(world: Privacy):
    world.fill(0, 3)
    backup = {path: path.read_bytes() for path in world.files()}
    world.erase(2)
    world.woodpecker_confirms()
    assert 2 not in world.legible()
    ledger = (world.settings.data_dir / "erasures.jsonl").read_bytes()
    world.database.engine.dispose()
    for path in list(world.files()):
        path.unlink()
    for path, data in backup.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (world.settings.data_dir / "erasures.jsonl").write_bytes(ledger)
    assert 2 in world.legible()
    world.work.watch(a_context(), "")
    [again] = _waiting(world)
    world.run(again)
    assert 2 not in world.legible()


def _waiting(world: Privacy) -> list[str]:
    from woodpecker_api.features.privacy import queries

    with world.database.reading() as db:
        return [erasure.id for erasure in queries.with_status(db, ErasureStatus.WAITING, 10)]
