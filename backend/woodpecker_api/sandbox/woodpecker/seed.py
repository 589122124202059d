"""The sample account: six campaigns in different states, and people with a past in them."""

from typing import NamedTuple

from woodpecker_api.sandbox.woodpecker.account import (
    FIRST_CAMPAIGN_ID,
    FIRST_PROSPECT_ID,
    Campaign,
    Enrolment,
    Prospect,
    Step,
    WoodpeckerAccount,
)

DRAFT, PAUSED, RUNNING, COMPLETED, STOPPED, UNSUPPORTED = range(FIRST_CAMPAIGN_ID, FIRST_CAMPAIGN_ID + 6)
_MAILBOXES = {"ola@sender.example": "Ola Example", "jan@sender.example": "Jan Example"}


class _Person(NamedTuple):
    first: str
    last: str
    company: str
    domain: str
    status: str
    campaigns: dict[int, str]
    """Campaign to the status there."""
    contacted: str
    """Last contacted, local time; empty when never."""


_PEOPLE = (
    _Person(
        "Anna", "Keller", "Nordwind Logistik", "nordwind.example", "ACTIVE", {RUNNING: "ACTIVE"}, "2026-11-16T09:12:00"
    ),
    _Person(
        "Bruno", "Haas", "Nordwind Logistik", "nordwind.example", "REPLIED", {RUNNING: "REPLIED"}, "2026-11-09T08:40:00"
    ),
    _Person(
        "Chiara", "Rossi", "Vetro Milano", "vetro.example", "ACTIVE", {RUNNING: "AUTOREPLIED"}, "2026-11-17T10:05:00"
    ),
    _Person("David", "Novak", "Tatra Tools", "tatra.example", "BOUNCED", {RUNNING: "BOUNCED"}, "2026-11-10T11:30:00"),
    _Person(
        "Elif",
        "Demir",
        "Anadolu Textile",
        "anadolu.example",
        "BLACKLIST",
        {RUNNING: "BLACKLIST"},
        "2026-10-28T13:00:00",
    ),
    _Person("Finn", "Larsen", "Fjord Energy", "fjord.example", "ACTIVE", {RUNNING: "TO-CHECK"}, ""),
    _Person("Greta", "Olsen", "Fjord Energy", "fjord.example", "ACTIVE", {PAUSED: "ACTIVE", RUNNING: "PAUSED"}, ""),
    _Person("Hugo", "Martin", "Atelier Lyon", "atelier.example", "ACTIVE", {PAUSED: "ACTIVE"}, "2026-09-02T09:00:00"),
    _Person("Ines", "Costa", "Porto Foods", "portofoods.example", "INVALID", {COMPLETED: "INVALID"}, ""),
    _Person(
        "Jakub", "Wrona", "Gdynia Shipping", "gdynia.example", "ACTIVE", {COMPLETED: "ACTIVE"}, "2026-06-11T07:45:00"
    ),
    _Person(
        "Katrin", "Vogel", "Isar Software", "isar.example", "REPLIED", {COMPLETED: "REPLIED"}, "2026-06-12T08:15:00"
    ),
    _Person("Liam", "Byrne", "Dublin Data", "dublindata.example", "ACTIVE", {STOPPED: "ACTIVE"}, "2026-03-03T09:20:00"),
    _Person("Marta", "Zielinska", "Gdynia Shipping", "gdynia.example", "ACTIVE", {}, ""),
    _Person("Noah", "Weber", "Isar Software", "isar.example", "ACTIVE", {UNSUPPORTED: "ACTIVE"}, "2026-11-03T10:10:00"),
)


def seed_account() -> WoodpeckerAccount:
    """Always the same account, so that what a reader sees can be written down."""
    people = [_prospect(FIRST_PROSPECT_ID + place, person) for place, person in enumerate(_PEOPLE)]
    return WoodpeckerAccount(
        prospects={person.id: person for person in people},
        campaigns={campaign.id: campaign for campaign in _campaigns()},
        blacklist={
            "emails": {"elif.demir@anadolu.example", "no-thanks@nordwind.example"},
            "domains": {"rival.example"},
        },
    )


def _campaigns() -> list[Campaign]:
    mailboxes, senders = list(_MAILBOXES), list(_MAILBOXES.values())
    return [
        Campaign(DRAFT, "Q1 learning leaders", "DRAFT", created="2026-11-18T10:02:11+0100", steps=seven_snippets()),
        Campaign(
            PAUSED,
            "HR directors, DACH",
            "PAUSED",
            mailboxes[:],
            senders[:],
            created="2026-09-01T08:30:00+0200",
            steps=seven_snippets(),
        ),
        Campaign(
            RUNNING,
            "Q4 warehouse leads",
            "RUNNING",
            mailboxes[:],
            senders[:],
            per_day=80,
            created="2026-10-20T13:14:57+0200",
            steps=seven_snippets(),
        ),
        Campaign(
            COMPLETED,
            "Summer pilot",
            "COMPLETED",
            created="2026-06-08T09:00:00+0200",
            per_day=30,
            time_zone="Europe/Warsaw",
            steps=seven_snippets()[:3],
        ),
        Campaign(
            STOPPED,
            "Spring test (old sender)",
            "STOPPED",
            from_emails=["sales@old-sender.example"],
            from_names=["Sales"],
            created="2026-03-01T09:00:00+0100",
            error="The mailbox sales@old-sender.example is disconnected.",
            steps=seven_snippets()[:2],
        ),
        Campaign(
            UNSUPPORTED,
            "With branches and calls",
            "EDITED",
            created="2026-11-02T15:45:00+0100",
            steps=seven_snippets(),
            supported=False,
        ),
    ]


def seven_snippets() -> list[Step]:
    """Steps for the seven texts of the product's default template, on days 1, 3, 7, 12, 17 and 25."""
    return [
        Step("{{SNIPPET_1}}", "<p>{{SNIPPET_2}}</p>"),
        Step("", "{{SNIPPET_3}}", 2, kind="LINKEDIN"),
        Step("", "<p>{{SNIPPET_4}}</p>", 4),
        Step("", "<p>{{SNIPPET_5}}</p>", 5),
        Step("", "<p>{{SNIPPET_6}}</p>", 5),
        Step("", "<p>{{SNIPPET_7}}</p>", 8),
    ]


def _prospect(number: int, person: _Person) -> Prospect:
    values = {"first_name": person.first, "last_name": person.last, "company": person.company}
    values["website"] = f"https://{person.domain}"
    if person.campaigns:
        values["snippet1"] = f"{person.company} and the first weeks"
        values["snippet2"] = f"{person.first}, how do new people at {person.company} find their feet?"
    mailed = 1 if person.contacted else 0
    return Prospect(
        id=number,
        email=f"{person.first}.{person.last}@{person.domain}".lower(),
        status=person.status,
        values=values,
        enrolments={campaign: Enrolment(inside, emails_sent=mailed) for campaign, inside in person.campaigns.items()},
        last_contacted=f"{person.contacted}+0100" if person.contacted else "",
        last_replied=f"{person.contacted[:10]}T16:20:00+0100" if person.status == "REPLIED" else "",
        updated=f"{person.contacted}+0100" if person.contacted else "2026-09-01T08:30:00+0100",
    )
