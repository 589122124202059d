"""One builder per noun: each makes the smallest world in which its noun is true, flushes, and gives the row back.

Plain functions taking a Session; what a test cares about it says by keyword, all else is ordinary. Nothing commits here.
"""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns.models import AccountPerson, Campaign, Membership, WoodpeckerAccount
from woodpecker_api.features.exports.models import Attempt, Export, ExportBatch, ExportItem, ExportPlan
from woodpecker_api.features.exports.rules import AttemptStatus, BatchStatus, ExportStatus, ItemStatus
from woodpecker_api.features.exports.rules.fields import CONTACT_FIELDS, fields_hash, fields_to_send
from woodpecker_api.features.exports.service.attempts import store_people
from woodpecker_api.features.generation.models import GenerationItem, GenerationRun, RunStatus
from woodpecker_api.features.imports.models import Import, ImportStatus
from woodpecker_api.features.leads.models import DoNotContact, Lead
from woodpecker_api.features.leads.rules import LeadStatus, SuppressionKind, domain_of, fold, search_text
from woodpecker_api.features.review.models import Decision, ReviewDecision
from woodpecker_api.features.sequences.models import Sequence, SequenceVersion, Snippet
from woodpecker_api.features.sequences.rules import Approval, Author, SequenceStatus, SnippetKind
from woodpecker_api.features.templates.models import Template, TemplateVersion
from woodpecker_api.kit.hashing import digest
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.audit.service import Actor
from woodpecker_api.system.auth.models import User
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.auth.users import HASHER

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday. The moment at which everything here happens unless a test says otherwise."""
PASSWORD = "correct horse battery staple"

SHAPE: tuple[tuple[int, SnippetKind, int], ...] = (
    (1, SnippetKind.SUBJECT, 1),
    (2, SnippetKind.EMAIL, 1),
    (3, SnippetKind.BUMP, 3),
    (4, SnippetKind.LINKEDIN_NOTE, 4),
    (5, SnippetKind.EMAIL, 7),
    (6, SnippetKind.BUMP, 10),
    (7, SnippetKind.BREAKUP, 14),
)
"""number, kind, day of the seven snippets that ship."""

Row = TypeVar("Row")
_numbers = itertools.count(1)
_password_hashes: dict[str, str] = {}


def a_user(db: Session, *, email: str | None = None, role: Role = Role.REP, name: str = "", **values: Any) -> User:
    """A person of the team who can sign in with `PASSWORD`."""
    email = email or f"user{next(_numbers)}@team.example"
    password = values.pop("password", PASSWORD)
    if password not in _password_hashes:  # a hash takes a tenth of a second on purpose: once is enough
        _password_hashes[password] = HASHER.hash(password)
    user = User(
        email=email,
        email_key=address_key(email),
        role=role,
        name=name or email.partition("@")[0].title(),
        password_hash=_password_hashes[password],
    )
    return _kept(db, user, values)


def an_actor(user: User) -> Actor:
    """The user at the browser, for services that want to know who asks."""
    return Actor("user", user.id, "request-of-a-test")


def an_account(db: Session, *, sandbox: bool = True, **values: Any) -> WoodpeckerAccount:
    """A Woodpecker account; the simulator's unless `sandbox=False`."""
    account = WoodpeckerAccount(name="Woodpecker", base_url="http://127.0.0.1:1/rest", sandbox=sandbox)
    return _kept(db, account, values)


def a_campaign(db: Session, *, account: WoodpeckerAccount | None = None, **values: Any) -> Campaign:
    """A running campaign, read from the account a moment ago."""
    account = account or an_account(db)
    number = next(_numbers)
    campaign = Campaign(
        woodpecker_account_id=account.id,
        vendor_id=1_000 + number,
        name=f"Campaign {number}",
        status="RUNNING",
        from_emails=["olga@team.example"],
        per_day=50,
        time_zone="Europe/London",
        created_at=NOON,
        fetched_at=NOON,
    )
    return _kept(db, campaign, values)


def an_account_person(db: Session, account: WoodpeckerAccount, email: str, **values: Any) -> AccountPerson:
    """A prospect as Woodpecker last described them: active, never contacted."""
    person = AccountPerson(
        woodpecker_account_id=account.id,
        vendor_id=next(_numbers),
        email=email,
        address_key=address_key(email),
        domain=domain_of(email),
        status="ACTIVE",
        fetched_at=NOON,
    )
    return _kept(db, person, values)


def a_membership(db: Session, campaign: Campaign, email: str, **values: Any) -> Membership:
    """The person is in the campaign, Woodpecker says."""
    membership = Membership(
        woodpecker_account_id=campaign.woodpecker_account_id,
        address_key=address_key(email),
        campaign_vendor_id=campaign.vendor_id,
        status="ACTIVE",
        fetched_at=NOON,
    )
    return _kept(db, membership, values)


def an_import(db: Session, *, by: User | None = None, **values: Any) -> Import:
    """A small UTF-8 file, read and not yet committed."""
    record = Import(
        filename="leads.csv",
        file_sha256=digest(next(_numbers)),
        file_size=1_234,
        status=ImportStatus.PARSED,
        encoding="utf-8",
        delimiter=",",
        header_row=1,
        columns=[{"name": "Email", "sample": [], "field": "email"}],
        mapping={"Email": "email"},
        created_by=by.id if by else None,
        created_at=NOON,
    )
    return _kept(db, record, values)


def a_lead(db: Session, *, email: str | None = None, **values: Any) -> Lead:
    """A complete, fresh lead: name, company, title; owned by nobody, from no import."""
    number = next(_numbers)
    email = email or f"ann{number}@acme{number}.example"
    fields: dict[str, Any] = {"first_name": "Ann", "last_name": "Ames", "company": "Acme", "title": "Head of Learning"}
    fields |= {"email": email, "created_at": NOON, "updated_at": NOON, "status": LeadStatus.IMPORTED} | values
    lead = Lead(address_key=address_key(email), domain=domain_of(email), **fields)
    lead.search_text = values.get("search_text") or search_text({name: fields.get(name) for name in _SEARCHED})
    lead.company_sort = fold(fields["company"])
    lead.name_sort = fold(f"{fields['last_name']} {fields['first_name']}")
    return _kept(db, lead, {})


_SEARCHED = ("email", "first_name", "last_name", "company", "title")


def a_suppression(db: Session, value: str, **values: Any) -> DoNotContact:
    """A do-not-contact entry: an address, or a domain when `value` has no @."""
    kind = SuppressionKind.EMAIL if "@" in value else SuppressionKind.DOMAIN
    key = address_key(value) if kind is SuppressionKind.EMAIL else domain_of(value)
    return _kept(db, DoNotContact(kind=kind, value=value, value_key=key, reason="asked", created_at=NOON), values)


def a_template(db: Session, *, shape: list[dict[str, Any]] | None = None, **values: Any) -> Template:
    """A template with one version of seven snippets. `the_version_of` finds that version."""
    template = _kept(db, Template(name=f"Template {next(_numbers)}", created_at=NOON), values)
    version = TemplateVersion(
        template_id=template.id,
        number=template.current_version,
        system_text="Write to {{first_name}}.",
        brief={"company": "Makeshapes", "product": "Learning", "proof_points": [], "voice": "", "forbidden_words": []},
        person_text="{{first_name}} at {{company}}",
        shape=shape if shape is not None else [_spec(*part) for part in SHAPE],
        created_at=NOON,
    )
    _kept(db, version, {})
    return template


def the_version_of(db: Session, template: Template) -> TemplateVersion:
    """The template's present version."""
    return db.query(TemplateVersion).filter_by(template_id=template.id, number=template.current_version).one()


def a_run(
    db: Session, *, template: Template | None = None, leads: tuple[Lead, ...] = (), **values: Any
) -> GenerationRun:
    """A queued live generation in sandbox over `leads`, each with its item."""
    run = GenerationRun(
        status=RunStatus.QUEUED,
        template_version_id=the_version_of(db, template or a_template(db)).id,
        model="claude-test",
        total=len(leads),
        sandbox=True,
        created_at=NOON,
    )
    _kept(db, run, values)
    for lead in leads:
        _kept(db, GenerationItem(run_id=run.id, lead_id=lead.id, previous_status=lead.status), {})
    return run


def a_sequence(
    db: Session,
    *,
    lead: Lead | None = None,
    template: Template | None = None,
    status: SequenceStatus = SequenceStatus.DRAFT,
    texts: dict[int, str] | None = None,
    by: User | None = None,
    **values: Any,
) -> Sequence:
    """The lead's seven texts as the model wrote them, without flags, with their first version. `texts` replaces some.

    The lead's status follows. Approved and exported ones were read and approved by `by` (or a manager made for it).
    """
    lead = lead or a_lead(db)
    sequence = Sequence(
        lead_id=lead.id,
        status=status,
        template_version_id=the_version_of(db, template or a_template(db)).id,
        created_at=NOON,
        updated_at=NOON,
    )
    if status in (SequenceStatus.APPROVED, SequenceStatus.EXPORTED):
        by = by or a_user(db, role=Role.MANAGER)
        sequence.approved_by, sequence.approved_at = by.id, NOON
        sequence.approved_version, sequence.approval = values.get("version", 1), Approval.READ
    _kept(db, sequence, values)
    lead.status = LeadStatus.DRAFTED if status is SequenceStatus.DRAFT else LeadStatus(status)
    snippets = [_snippet(sequence.id, lead, part, texts or {}) for part in SHAPE]
    db.add_all(snippets)
    db.add(
        SequenceVersion(
            sequence_id=sequence.id,
            version=sequence.version,
            author=Author.MODEL,
            template_version_id=sequence.template_version_id,
            sandbox=sequence.sandbox,
            snippets=[{"number": s.number, "kind": s.kind, "day": s.day, "text": s.text} for s in snippets],
            created_at=NOON,
        )
    )
    db.flush()
    return sequence


def a_decision(
    db: Session, sequence: Sequence, decision: Decision = Decision.APPROVED, **values: Any
) -> ReviewDecision:
    """Somebody decided about the sequence as it stands."""
    row = ReviewDecision(
        sequence_id=sequence.id, version=sequence.version, decision=decision, approval=Approval.READ, created_at=NOON
    )
    return _kept(db, row, values)


def a_plan(db: Session, *, campaign: Campaign | None = None, **values: Any) -> ExportPlan:
    """An empty plan for the campaign."""
    campaign = campaign or a_campaign(db)
    plan = ExportPlan(
        woodpecker_account_id=campaign.woodpecker_account_id,
        campaign_id=campaign.id,
        campaign_status=campaign.status,
        membership_as_of=NOON,
        counts={"new": 0, "excluded": 0},
        created_at=NOON,
    )
    return _kept(db, plan, values)


def an_export(db: Session, *, campaign: Campaign | None = None, by: User | None = None, **values: Any) -> Export:
    """A queued export into a running campaign, sending confirmed, no items yet."""
    campaign = campaign or a_campaign(db)
    account = db.get_one(WoodpeckerAccount, campaign.woodpecker_account_id)
    export = Export(
        woodpecker_account_id=account.id,
        campaign_id=campaign.id,
        campaign_vendor_id=campaign.vendor_id,
        campaign_name=campaign.name,
        status=ExportStatus.QUEUED,
        confirmed_campaign_status=campaign.status,
        confirm_sending=True,
        sandbox=account.sandbox,
        created_by=by.id if by else None,
        created_at=NOON,
    )
    return _kept(db, export, values)


def an_item(
    db: Session, *, export: Export | None = None, sequence: Sequence | None = None, **values: Any
) -> ExportItem:
    """One approved lead of the export, waiting; its fields are the seven snippets. Grows the export's total."""
    export = export or an_export(db)
    sequence = sequence or a_sequence(db, status=SequenceStatus.APPROVED)
    lead = db.get_one(Lead, sequence.lead_id)
    texts = {s.number: s.text for s in db.query(Snippet).filter_by(sequence_id=sequence.id)}
    contact = {name: getattr(lead, name) for name in CONTACT_FIELDS}
    fields = fields_to_send(lead.email, contact, texts, ())
    item = ExportItem(
        export_id=export.id,
        position=export.total,
        woodpecker_account_id=export.woodpecker_account_id,
        campaign_vendor_id=export.campaign_vendor_id,
        lead_id=lead.id,
        sequence_id=sequence.id,
        sequence_version=sequence.version,
        email=lead.email,
        address_key=lead.address_key,
        fields=fields,
        fields_hash=fields_hash(fields),
        status=ItemStatus.QUEUED,
        updated_at=NOON,
    )
    export.total += 1
    return _kept(db, item, values)


def a_batch(db: Session, export: Export, *, size: int = 1, **values: Any) -> ExportBatch:
    """A written intent whose request was answered."""
    batch = ExportBatch(
        export_id=export.id,
        woodpecker_account_id=export.woodpecker_account_id,
        campaign_vendor_id=export.campaign_vendor_id,
        status=BatchStatus.ANSWERED,
        size=size,
        intended_at=NOON,
    )
    return _kept(db, batch, values)


def an_attempt(
    db: Session, *, item: ExportItem | None = None, by: User | None = None, at: datetime = NOON, **values: Any
) -> Attempt:
    """A row of history: the item's lead was added to the campaign at `at` by `by`, one second's work."""
    item = item or an_item(db, status=ItemStatus.ADDED)
    export = db.get_one(Export, item.export_id)
    lead = db.get_one(Lead, item.lead_id)
    sequence = db.get_one(Sequence, item.sequence_id)
    name = f"{lead.first_name} {lead.last_name}".strip()
    attempt = Attempt(
        item_id=item.id,
        batch_id=a_batch(db, export, intended_at=at).id,
        export_id=export.id,
        lead_id=lead.id,
        woodpecker_account_id=export.woodpecker_account_id,
        campaign_id=export.campaign_id,
        campaign_name=export.campaign_name,
        email=item.email,
        address_key=item.address_key,
        domain=domain_of(item.email),
        person_name=name,
        company=lead.company,
        search_text=fold(f"{item.email} {name} {lead.company}"),
        status=AttemptStatus.ADDED,
        attempt=1,
        user_id=by.id if by else None,
        user_name=(by.name or by.email) if by else "",
        sequence_id=sequence.id,
        sequence_version=sequence.version,
        template_name="Default",
        template_version=1,
        approved_by=sequence.approved_by,
        approved_at=sequence.approved_at,
        approval=sequence.approval,
        fields_hash=item.fields_hash,
        sandbox=export.sandbox,
        started_at=at,
        finished_at=at + timedelta(seconds=1),
    )
    _kept(db, attempt, values)
    store_people(db, [(attempt.address_key, attempt.search_text)])
    return attempt


def _spec(number: int, kind: SnippetKind, day: int) -> dict[str, Any]:
    size = {"unit": "words", "target_min": 2, "target_max": 150, "limit": 200}
    return {"number": number, "kind": kind.value, "day": day, "instruction": "Write it.", "formatting": "plain", **size}


def _snippet(sequence_id: str, lead: Lead, part: tuple[int, SnippetKind, int], texts: dict[int, str]) -> Snippet:
    number, kind, day = part
    written = f"Snippet {number} for {lead.first_name} at {lead.company}"
    return Snippet(
        sequence_id=sequence_id,
        number=number,
        kind=kind,
        day=day,
        text=texts.get(number, written),
        original_text=texts.get(number, written),
        flags=[],
    )


def _kept(db: Session, row: Row, values: dict[str, Any]) -> Row:
    for name, value in values.items():
        if not hasattr(type(row), name):
            raise AttributeError(f"{type(row).__name__} has no column {name!r}")
        setattr(row, name, value)
    db.add(row)
    db.flush()
    return row
