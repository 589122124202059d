"""What differs between the two databases: inserts that a unique index refuses, JSON in filters, paging by two columns."""

import io
from datetime import timedelta
from pathlib import Path

from tests import builders as make
from tests.either import either_database
from tests.features.imports.desk import a_turn
from tests.features.imports.lists import a_list
from woodpecker_api.db.session import Database
from woodpecker_api.features.imports.jobs import ImportWork
from woodpecker_api.features.imports.models import Import, ImportStatus, OnDuplicate
from woodpecker_api.features.imports.queries.storing import insert_prepared
from woodpecker_api.features.imports.rules.prepared import PREPARED
from woodpecker_api.features.imports.service import starting, undoing
from woodpecker_api.features.imports.service.keeping import read_upload
from woodpecker_api.features.imports.service.looking import sources
from woodpecker_api.features.imports.service.uploads import Uploads
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.queries import reading, selecting
from woodpecker_api.features.leads.rules import FIELD_NAMES, LeadFilter, LeadStatus, derived
from woodpecker_api.features.leads.service import suppress_leads, suppressed_now
from woodpecker_api.kit.paging import decode_cursor
from woodpecker_api.system.audit.service import verify

__all__ = ["either_database"]
NOW = make.NOON


def brought_in(database: Database, folder: Path, data: bytes, policy: OnDuplicate = OnDuplicate.SKIP) -> str:
    """The import, read and committed; its id."""
    uploads = Uploads(folder)
    with database.writing() as db:
        user = make.a_user(db)
    actor = make.an_actor(user)
    import_id = f"import{len(uploads.ids())}"
    size, digest = uploads.keep(import_id, io.BytesIO(data))
    unread = Import(id=import_id, file_sha256=digest, choices={})
    found = read_upload(uploads, unread, sources(database, NOW))
    with database.writing() as db:
        imported = starting.begin(db, actor, starting.Upload(import_id, "x.csv", size, digest), NOW)
        starting.store_reading(db, imported, found)
        imported.status, imported.on_duplicate = ImportStatus.COMMITTING, policy
    ImportWork(database, uploads, lambda: NOW).commit(a_turn(), import_id)
    return import_id


def test_an_import_comes_in_and_goes_again(either_database: Database, tmp_path: Path) -> None:
    made = a_list("kitchen-sink", rows=120)
    import_id = brought_in(either_database, tmp_path, made.data)
    with either_database.reading() as db:
        counts = db.get_one(Import, import_id).counts
        assert counts["created"] == made.facts["emails_distinct_trimmed_lower"]
        assert selecting.count(db, LeadFilter(import_id=import_id), None) == counts["created"]
    twice = brought_in(either_database, tmp_path, made.data, OnDuplicate.OVERWRITE)
    with either_database.writing() as db:
        assert db.get_one(Import, twice).counts["created"] == 0
        undoing.undo(db, make.an_actor(make.a_user(db)), db.get_one(Import, import_id), NOW)
    with either_database.reading() as db:
        assert selecting.count(db, LeadFilter(), None) == 0
        assert list(verify(db))[-1].ok


def test_the_index_refuses_a_second_live_lead_without_an_error(either_database: Database) -> None:
    def row(email: str) -> tuple[str, tuple[str, ...]]:
        fields = {**dict.fromkeys(FIELD_NAMES, ""), "email": email, "first_name": "Ann"}
        follows = derived(email, fields)
        said = {**fields, **follows, "tags": '["a"]', "custom": '{"k": "v"}'}
        return follows["address_key"], tuple(said[name] for name in PREPARED)

    with either_database.writing() as db:
        make.a_lead(db, email="ann@acme.example")
        imported = make.an_import(db)
        refused = insert_prepared(db, imported, [row("bob@acme.example"), row("ANN@acme.example")], NOW)
        assert refused == {"ann@acme.example"}
        assert insert_prepared(db, imported, [row("cy@acme.example")], NOW) == set()
    with either_database.reading() as db:
        made = {lead.email: lead for lead in db.query(Lead).where(Lead.import_id.is_not(None))}
        assert sorted(made) == ["bob@acme.example", "cy@acme.example"]
        bob = made["bob@acme.example"]
        assert (bob.tags, bob.custom, bob.created_at, bob.pending_import_id) == (["a"], {"k": "v"}, NOW, bob.import_id)


def test_filters_and_every_sorting_work(either_database: Database) -> None:
    with either_database.writing() as db:
        for n in range(9):
            make.a_lead(
                db, email=f"p{n}@x.example", last_name=f"N{n % 3}", tags=["süß"] if n < 2 else [], custom={"shoe": str(n)},
                updated_at=NOW + timedelta(minutes=n // 3), status=LeadStatus.DRAFTED if n % 2 else LeadStatus.IMPORTED,
            )  # fmt: skip
    with either_database.reading() as db:
        assert selecting.count(db, LeadFilter(tag="süß"), None) == 2
        assert selecting.count(db, LeadFilter(custom={"shoe": "3"}), None) == 1
        assert reading.count_up_to(db, LeadFilter(custom={"shoe": ""}, title="LEARN"), None, 5, None) == 5
        for name in reading.SORTS:
            for sort in (name, f"-{name}"):
                found, after = [], None
                while True:
                    page = reading.page(db, LeadFilter(), None, sort=sort, after=after, limit=2)
                    found += [row["id"] for row in page.rows]
                    if page.next_cursor is None:
                        break
                    after = decode_cursor(page.next_cursor, 2)
                assert len(found) == len(set(found)) == 9


def test_people_go_onto_the_list_once(either_database: Database) -> None:
    with either_database.writing() as db:
        actor, lead = make.an_actor(make.a_user(db)), make.a_lead(db, email="ann@acme.example")
        for reason in ("one", "two"):
            suppress_leads(db, actor, [lead.id], reason, None, NOW)
    with either_database.reading() as db:
        assert suppressed_now(db, NOW).addresses == {"ann@acme.example": "two"}
