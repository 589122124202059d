"""Have we ever contacted this person, or anybody at this company?"""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from woodpecker_api.errors import FieldProblem, ValidationFailedError
from woodpecker_api.features.campaigns.models import AccountPerson
from woodpecker_api.features.history.api.filters import shows_sandbox
from woodpecker_api.features.history.queries import listing, people, waiting
from woodpecker_api.features.history.queries.card import Card
from woodpecker_api.features.history.rules import ADDED, OPEN, Wanted, contacted, paragraph, strongest
from woodpecker_api.features.history.schemas import (
    AccountSays,
    ContactAnswer,
    DomainAnswer,
    DomainPerson,
    HeldAnswer,
    HeldPerson,
    MembershipAnswer,
    SuppressionAnswer,
    ToldAttempt,
)
from woodpecker_api.features.leads.rules import domain_of
from woodpecker_api.http.database import ReadDb
from woodpecker_api.http.services import Ask
from woodpecker_api.http.user import needs
from woodpecker_api.kit.paging import capped
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.auth.permissions import Permission

router = APIRouter()
MAX_SHOWN = 100
_TEXT_PREFIX = "snippet"


@router.get("/api/contacts/{email:path}", dependencies=[needs(Permission.READ)])
def look_up_contact(email: str, db: ReadDb, services: Ask) -> ContactAnswer:
    """Our record and Woodpecker's word together, for one address."""
    key, with_sandbox = address_key(email), shows_sandbox(services)
    card = Card(db, key, with_sandbox=with_sandbox)
    rows, person, memberships = card.attempts(MAX_SHOWN), card.person(), card.memberships()
    suppressions, as_of = card.suppressions(domain_of(key)), card.as_of()
    # Fewer rows than the most that is shown are all there are.
    wanted = Wanted(address=key, with_sandbox=with_sandbox)
    total, is_capped = capped(listing.count_up_to_cap(db, wanted) if len(rows) == MAX_SHOWN else len(rows))
    statuses = {row.status for row in rows}
    verdict = contacted(
        mailed=any(row.first_mailed_at for row in rows) or bool(person and person.last_contacted_at),
        added=bool(statuses & ADDED) or bool(memberships),
        is_open=bool(statuses & OPEN),
    )
    return ContactAnswer(
        email=email.strip(),
        contacted=verdict,
        lead_id=card.lead_id(),
        attempts=[_told(row) for row in rows],
        attempts_total=total,
        attempts_capped=is_capped,
        account=AccountSays.of(person) if person else None,
        memberships=[MembershipAnswer.of(row) for row in memberships],
        do_not_contact=[SuppressionAnswer.of(entry) for entry in suppressions],
        as_of=as_of,
        paragraph=paragraph(email.strip(), verdict, rows, person, [entry.value for entry in suppressions], as_of),
    )


@router.get("/api/history/held", dependencies=[needs(Permission.READ)])
def list_held(db: ReadDb, services: Ask) -> HeldAnswer:
    """Who was added more than three days ago and is still not mailed, as far as Woodpecker's copy says."""
    with_sandbox = shows_sandbox(services)
    found = waiting.not_mailed(db, services.clock(), with_sandbox=with_sandbox)
    names = HeldPerson.model_fields
    return HeldAnswer(
        people=[HeldPerson(**{name: getattr(row, name) for name in names}) for row in found[: waiting.SHOWN]],
        total=len(found),
        as_of=people.copy_as_of(db, with_sandbox=with_sandbox),
    )


@router.get("/api/contacts", dependencies=[needs(Permission.READ)])
def look_up_domain(
    db: ReadDb, services: Ask, domain: Annotated[str, Query(min_length=1, max_length=320)]
) -> DomainAnswer:
    """The same for everybody at a company's domain; an address is taken for its domain."""
    wanted, with_sandbox = domain_of(domain), shows_sandbox(services)
    if "." not in wanted:
        sentence = f"{domain!r} is no domain. Write one such as acme.com."
        raise ValidationFailedError(sentence, errors=(FieldProblem("domain", "bad_domain", sentence),))
    tried = people.tried_at(db, wanted, MAX_SHOWN, with_sandbox=with_sandbox)
    known = {
        person.address_key: person for person in people.people_at(db, wanted, MAX_SHOWN, with_sandbox=with_sandbox)
    }
    members = people.members_among(db, {*known, *(line.address_key for line in tried)}, with_sandbox=with_sandbox)
    shown = [_tried(line, known.pop(line.address_key, None), members) for line in tried]
    shown += [_only_there(person, members) for person in known.values()]
    return DomainAnswer(
        domain=wanted,
        contacted=strongest(person.contacted for person in shown),
        people=shown,
        attempted_total=people.count_tried_at(db, wanted, with_sandbox=with_sandbox),
        do_not_contact=[SuppressionAnswer.of(entry) for entry in people.suppressions_of(db, None, wanted)],
        as_of=people.copy_as_of(db, with_sandbox=with_sandbox),
    )


def _told(row: Any) -> ToldAttempt:
    texts = {name: text for name, text in (row.fields or {}).items() if name.startswith(_TEXT_PREFIX) and text}
    return ToldAttempt.of(row, texts=texts, texts_removed_at=row.texts_removed_at)


def _tried(line: people.Tried, person: AccountPerson | None, members: set[str]) -> DomainPerson:
    return DomainPerson(
        email=line.email,
        person_name=line.person_name,
        contacted=contacted(
            mailed=line.mailed or bool(person and person.last_contacted_at),
            added=line.added or line.address_key in members,
            is_open=line.open,
        ),
        attempts=line.attempts,
        last_attempt_at=line.last_started_at,
        account=AccountSays.of(person) if person else None,
    )


def _only_there(person: AccountPerson, members: set[str]) -> DomainPerson:
    """Somebody whom Woodpecker knows and we never tried."""
    return DomainPerson(
        email=person.email,
        person_name="",
        contacted=contacted(
            mailed=person.last_contacted_at is not None, added=person.address_key in members, is_open=False
        ),
        attempts=0,
        last_attempt_at=None,
        account=AccountSays.of(person),
    )
