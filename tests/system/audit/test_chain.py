"""The chain: whatever is done to a line, its payload or its place is found, and the first bad line is named."""

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.dialect import is_sqlite
from woodpecker_api.db.session import Database
from woodpecker_api.system.audit.models import AuditHead, AuditLine, AuditPayload
from woodpecker_api.system.audit.service import GENESIS, SYSTEM, Actor, Verdict, head, record, verify

OLGA = Actor("user", "olga", "request-1")


def test_lines_stand_in_the_order_of_recording_with_who_what_and_when(database: Database) -> None:
    with database.writing() as db:
        record(db, OLGA, "lead.edited", ("lead", "l1"), before={"title": "Boss"}, after={"title": "Chief"})
        record(db, SYSTEM, "lead.purged", ("import", "i1"), count=40)
    with database.reading() as db:
        first, second = db.scalars(sa.select(AuditLine).order_by(AuditLine.id))
        payload = db.get_one(AuditPayload, 1).payload
    assert (first.id, first.actor_kind, first.actor_id, first.request_id) == (1, "user", "olga", "request-1")
    assert (first.action, first.subject_kind, first.subject_id) == ("lead.edited", "lead", "l1")
    assert (second.count, second.previous_hash, first.previous_hash) == (40, first.hash, GENESIS)
    assert payload == {"before": {"title": "Boss"}, "after": {"title": "Chief"}}


def test_a_line_and_its_change_are_kept_together_or_not_at_all(database: Database) -> None:
    def refused() -> None:
        with database.writing() as db:
            record(db, OLGA, "lead.edited", ("lead", "l1"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        refused()
    with database.reading() as db:
        assert head(db) == (0, GENESIS)


def test_an_untouched_chain_stands_on_either_database(either_database: Database) -> None:
    _write(either_database, 12)
    assert _final(either_database) == Verdict(ok=True, checked=12)


def test_an_empty_chain_stands(database: Database) -> None:
    assert _final(database) == Verdict(ok=True, checked=0)


def test_payload_values_that_json_changes_do_not_raise_a_false_alarm(either_database: Database) -> None:
    """Numbers as keys become texts, and ten sorts before two."""
    with either_database.writing() as db:
        record(db, OLGA, "sequence.edited", ("sequence", "s"), after={2: "b", 10: "j", "ü": 0.1, "t": (1, None)})
    assert _final(either_database).ok


@pytest.mark.parametrize(
    "text",
    ['quo"te', "back\\slash", "l\u0131ne\nbreak\ttab", "\u2028", "\x7f\x01", "B\u00fcro \U0001f642", "%s {0}", ""],
)
def test_a_line_stands_whatever_signs_its_texts_have(either_database: Database, text: str) -> None:
    actor = Actor("user", text[:26], text)
    with either_database.writing() as db:
        for action in (text, "lead.edited"):
            record(db, actor, action, (text, None), after={"title": text})
    assert _final(either_database) == Verdict(ok=True, checked=2)


def test_what_the_caller_changes_after_recording_is_not_recorded(database: Database) -> None:
    values = {"title": "Boss"}
    with database.writing() as db:
        record(db, OLGA, "lead.edited", ("lead", "l1"), before=values)
        values["title"] = "Chief"
    with database.reading() as db:
        assert db.get_one(AuditPayload, 1).payload == {"before": {"title": "Boss"}}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "'lead.read'"),
        ("actor_id", "NULL"),
        ("count", "2"),
        ("at", "'2020-01-01T00:00:00.000000Z'"),
        ("at", "'yesterday'"),
        ("digest", "'0'"),
        ("hash", "'0'"),
        ("previous_hash", "'0'"),
    ],
)
def test_an_altered_line_is_found_and_named(database: Database, column: str, value: str) -> None:
    _write(database, 5)
    _tamper(database, f'UPDATE audit_lines SET "{column}" = {value} WHERE id = 3')
    assert _final(database) == Verdict(ok=False, checked=2, first_bad_id=3)


def test_a_line_that_was_altered_together_with_its_hash_betrays_itself_at_the_next(database: Database) -> None:
    _write(database, 5)
    _tamper(database, "UPDATE audit_lines SET hash = '" + "a" * 64 + "' WHERE id = 5")
    assert _final(database).first_bad_id == 5
    assert not _final(database).ok


def test_a_removed_line_is_found_at_its_successor(database: Database) -> None:
    _write(database, 5)
    _tamper(database, "DELETE FROM audit_payloads WHERE line_id = 3", "DELETE FROM audit_lines WHERE id = 3")
    assert _final(database) == Verdict(ok=False, checked=2, first_bad_id=4)


def test_two_lines_that_changed_places_are_found(database: Database) -> None:
    _write(database, 5)
    _tamper(
        database,
        "PRAGMA defer_foreign_keys=ON",
        "UPDATE audit_lines SET id = 100 WHERE id = 2",
        "UPDATE audit_lines SET id = 2 WHERE id = 3",
        "UPDATE audit_lines SET id = 3 WHERE id = 100",
    )
    assert _final(database) == Verdict(ok=False, checked=1, first_bad_id=2)


def test_a_chain_that_was_cut_short_is_found(database: Database) -> None:
    _write(database, 5)
    _tamper(database, "DELETE FROM audit_payloads WHERE line_id > 3", "DELETE FROM audit_lines WHERE id > 3")
    assert _final(database) == Verdict(ok=False, checked=3, first_bad_id=4)


def test_a_chain_whose_lines_are_all_gone_is_found_by_its_head(database: Database) -> None:
    _write(database, 3)
    _tamper(database, "DELETE FROM audit_payloads", "DELETE FROM audit_lines")
    assert _final(database) == Verdict(ok=False, checked=0, first_bad_id=1)


def _all_anchors(database: Database) -> dict[int, str]:
    with database.reading() as db:
        return {line.id: line.hash for line in db.scalars(sa.select(AuditLine))}


def _judged(database: Database, anchors: dict[int, str]) -> Verdict:
    with database.reading() as db:
        *_, final = verify(db, anchors)
    return final


def test_a_chain_stands_that_fits_every_hash_written_down_elsewhere(database: Database) -> None:
    _write(database, 5)
    assert _judged(database, _all_anchors(database)) == Verdict(ok=True, checked=5)


def test_a_chain_that_was_made_anew_as_a_whole_is_betrayed_by_an_anchor_alone(database: Database) -> None:
    _write(database, 5)
    kept = {3: _all_anchors(database)[3]}
    _tamper(database, "DELETE FROM audit_payloads", "DELETE FROM audit_lines", "DELETE FROM audit_head")
    _write(database, 5)
    assert _judged(database, {}).ok, "in itself it is whole"
    assert _judged(database, kept) == Verdict(ok=False, checked=2, first_bad_id=3)


def test_an_end_that_was_taken_away_with_its_head_is_betrayed_by_an_anchor_alone(database: Database) -> None:
    _write(database, 5)
    anchors = _all_anchors(database)
    _tamper(
        database,
        "DELETE FROM audit_payloads WHERE line_id > 3",
        "DELETE FROM audit_lines WHERE id > 3",
        f"UPDATE audit_head SET line_id = 3, hash = '{anchors[3]}'",
    )
    assert _judged(database, {3: anchors[3]}).ok
    assert _judged(database, {5: anchors[5]}) == Verdict(ok=False, checked=3, first_bad_id=4)


def test_a_line_forged_onto_the_end_is_found(database: Database) -> None:
    _write(database, 2)
    copied = (
        "INSERT INTO audit_lines SELECT 3, at, actor_kind, actor_id, action, subject_kind, subject_id, request_id,"
        " count, digest, hash, hash FROM audit_lines WHERE id = 2"
    )
    _tamper(database, copied)
    assert _final(database) == Verdict(ok=False, checked=2, first_bad_id=3)


@pytest.mark.parametrize(
    "change",
    [
        """payload = '{"after": 99}'""",
        "payload = 'no json at all'",
        "payload = 'null'",
        "salt = '00'",
        "salt = 'no hexadecimal'",
    ],
)
def test_an_altered_payload_is_found_at_its_line(database: Database, change: str) -> None:
    _write(database, 4)
    _tamper(database, f"UPDATE audit_payloads SET {change} WHERE line_id = 2")
    assert _final(database) == Verdict(ok=False, checked=1, first_bad_id=2)


def test_two_payloads_that_changed_places_are_found(database: Database) -> None:
    _write(database, 4)
    _tamper(
        database,
        "PRAGMA defer_foreign_keys=ON",
        "UPDATE audit_payloads SET line_id = 100 WHERE line_id = 2",
        "UPDATE audit_payloads SET line_id = 2 WHERE line_id = 3",
        "UPDATE audit_payloads SET line_id = 3 WHERE line_id = 100",
    )
    assert _final(database) == Verdict(ok=False, checked=1, first_bad_id=2)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_lines SET at = replace(at, 'Z', '+00:00') WHERE id = 3",
        "UPDATE audit_lines SET at = substr(at, 1, 26) || '1Z' WHERE id = 3",
        "UPDATE audit_lines SET at = 'yesterday' WHERE id = 3",
        "UPDATE audit_lines SET action = CAST(action AS BLOB) WHERE id = 3",
        "UPDATE audit_lines SET actor_id = NULL WHERE id = 3",
        "UPDATE audit_lines SET count = '1' || '0' WHERE id = 3",
        "UPDATE audit_payloads SET salt = 'no digits' WHERE line_id = 3",
        "UPDATE audit_payloads SET payload = CAST(payload AS BLOB) || 'x' WHERE line_id = 3",
        "UPDATE audit_payloads SET payload = ' ' || payload WHERE line_id = 3",
    ],
)
def test_a_value_that_we_cannot_have_written_is_named_and_does_not_end_the_walk(
    database: Database, change: str
) -> None:
    _write(database, 5)
    _tamper(database, change)
    assert _final(database) == Verdict(ok=False, checked=2, first_bad_id=3)


def test_a_line_written_in_the_very_first_microsecond_of_a_second_stands(
    either_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its time has no fraction in one form and six zeros in another; only the clock is exchanged.
    moment = datetime(2026, 3, 31, 12, 0, 0, tzinfo=UTC)
    monkeypatch.setattr("woodpecker_api.system.audit.service.system_clock", lambda: moment)
    _write(either_database, 3)
    assert _final(either_database) == Verdict(ok=True, checked=3)


def test_an_erased_payload_leaves_the_chain_standing(either_database: Database) -> None:
    _write(either_database, 6)
    with either_database.writing() as db:
        db.execute(sa.delete(AuditPayload).where(AuditPayload.line_id.in_([2, 6])))
    assert _final(either_database) == Verdict(ok=True, checked=6)


def test_verdicts_come_slice_by_slice_so_that_progress_can_be_shown(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A slice of 5,000 lines is too many to write here; its size is the only thing changed.
    monkeypatch.setattr("woodpecker_api.system.audit.verifying.SLICE", 4)
    _write(database, 10)
    with database.reading() as db:
        assert [verdict.checked for verdict in verify(db)] == [4, 8, 10, 10]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_lines SET count = 2",
        "DELETE FROM audit_lines",
        "INSERT OR REPLACE INTO audit_lines SELECT * FROM audit_lines WHERE id = 1",
        "TRUNCATE audit_lines CASCADE",
    ],
)
def test_the_database_itself_refuses_to_change_a_line(either_database: Database, change: str) -> None:
    known_to = {"INSERT": [True], "TRUNCATE": [False]}.get(change.split(maxsplit=1)[0], [True, False])
    if is_sqlite(either_database.engine) not in known_to:
        pytest.skip("not a statement of this database")
    _write(either_database, 2)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), either_database.writing() as db:
        db.execute(sa.text(change))
    assert _final(either_database) == Verdict(ok=True, checked=2)


def test_many_writers_at_once_make_one_chain(either_database: Database) -> None:
    """From the very first line on, which two of them want to write."""
    start = threading.Barrier(4)

    def write() -> None:
        start.wait()
        _write(either_database, 15)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _final(either_database) == Verdict(ok=True, checked=60)


def test_a_writer_that_looked_at_the_head_before_still_builds_on_the_latest(either_database: Database) -> None:
    """It read the head early in its transaction; another line came before it had the lock."""
    _write(either_database, 1)
    if is_sqlite(either_database.engine):
        pytest.skip("on SQLite a writer holds the lock from its first statement")
    with either_database.writing() as db:
        assert db.get_one(AuditHead, 1).line_id == 1
        _write(either_database, 1)
        record(db, OLGA, "lead.edited", ("lead", "late"))
    assert _final(either_database) == Verdict(ok=True, checked=3)


def _write(database: Database, count: int) -> None:
    for number in range(count):
        with database.writing() as db:
            record(db, OLGA, "lead.edited", ("lead", f"l{number}"), after=number)


def _final(database: Database) -> Verdict:
    with database.reading() as db:
        return _last(db)


def _last(db: Session) -> Verdict:
    *_, last = verify(db)
    return last


def _tamper(database: Database, *statements: str) -> None:
    """As somebody with the file in hand would: triggers out of the way first."""
    raw = database.engine.raw_connection()
    try:
        raw.execute("BEGIN")
        for verb in ("update", "delete"):
            raw.execute(f"DROP TRIGGER IF EXISTS audit_lines_refuse_{verb}")
        for statement in statements:
            raw.execute(statement)
        raw.execute("COMMIT")
    finally:
        raw.close()
