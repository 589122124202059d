"""Who collides with whom: cases from a sales team's days, each with what is decided and what a rep reads."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from woodpecker_api.features.campaigns.rules import (
    Collision,
    Known,
    Peer,
    Peers,
    Place,
    Policy,
    Weight,
    collisions,
    is_company_domain,
)
from woodpecker_api.features.campaigns.rules.collisions import NO_PEERS

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TARGET = 7
OUT, WARN = Weight.KEEPS_OUT, Weight.WARNS
C = Collision
ORDINARY = Policy()


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def place(status: str = "ACTIVE", campaign: str = "RUNNING", number: int = 8, **values: str) -> Place:
    return Place(number, values.pop("name", "Q4 leads"), campaign, status, **values)


def known(*places: Place, **values: object) -> Known:
    return Known(places=places, **values)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Case:
    """`expected`: each code with its weight, the weightiest first; `reads`: words that stand in the first sentence."""

    about: str
    at_vendor: Known
    expected: tuple[tuple[Collision, Weight], ...] = ()
    reads: str = ""
    policy: Policy = ORDINARY
    peers: Peers = NO_PEERS
    fixed: bool = False
    """The first finding cannot be overridden."""


def policy(days: int = 30, **weights: Weight) -> Policy:
    return Policy(days, {Collision(name): weight for name, weight in weights.items()})


REFUSED = "Woodpecker would refuse to add them."
CASES = (
    Case("nobody knows the address", known()),
    Case("active in the account, in no campaign", known(status="ACTIVE")),
    Case("in the target campaign only: that is another question", known(place(number=TARGET), status="ACTIVE")),
    # opted out
    Case("blacklisted", known(status="BLACKLIST"), ((C.OPTED_OUT, OUT),), REFUSED, fixed=True),
    Case("blacklisted, the newer word", known(status="BLACKLISTED"), ((C.OPTED_OUT, OUT),), REFUSED, fixed=True),
    Case("opted out, the newer word", known(status="OPT_OUT"), ((C.OPTED_OUT, OUT),), "opted out", fixed=True),
    Case("opted out of one campaign, active in the account",
         known(place("BLACKLIST"), status="ACTIVE"), ((C.OPTED_OUT, OUT),), "Opted out of “Q4 leads”.", fixed=True),
    Case("opted out, though the settings only warn of everything",
         known(status="OPT_OUT"), ((C.OPTED_OUT, OUT),), policy=policy(opted_out=WARN), fixed=True),
    Case("opted out and active elsewhere: no comes first",
         known(place(), status="BLACKLIST"), ((C.OPTED_OUT, OUT), (C.IN_OTHER_CAMPAIGN, OUT)), "opted out", fixed=True),
    # replied
    Case("replied", known(status="REPLIED"), ((C.REPLIED, OUT),), f"Replied. {REFUSED}", fixed=True),
    Case("replied, the newer word", known(status="RESPONDED"), ((C.REPLIED, OUT),), "Replied", fixed=True),
    Case("replied on a day", known(status="REPLIED", last_replied_at=days_ago(40)),
         ((C.REPLIED, OUT),), "Replied on 2026-10-14.", fixed=True),
    Case("replied and is interested", known(status="REPLIED", interest="INTERESTED"),
         ((C.REPLIED, OUT),), "(marked interested)", fixed=True),
    Case("replied, and nobody marked it", known(status="REPLIED", interest="NOT-MARKED"),
         ((C.REPLIED, OUT),), f"Replied. {REFUSED}", fixed=True),
    Case("replied maybe later", known(status="REPLIED", interest="MAYBE-LATER"),
         ((C.REPLIED, OUT),), "(marked maybe later)", fixed=True),
    Case("replied, where the settings only warn: Woodpecker refuses all the same",
         known(status="REPLIED"), ((C.REPLIED, OUT),), REFUSED, policy=policy(replied=WARN), fixed=True),
    Case("replied in another campaign, active in the account", known(place("REPLIED", sender="ola@team.example")),
         ((C.REPLIED, OUT),), "Replied in “Q4 leads” of ola@team.example."),
    Case("replied in another campaign, where the settings warn", known(place("REPLIED")),
         ((C.REPLIED, WARN),), "Replied in “Q4 leads”.", policy=policy(replied=WARN)),
    Case("replied once and was set active again", known(status="ACTIVE", last_replied_at=days_ago(200)),
         ((C.REPLIED, OUT),), "was set active again since"),
    Case("an automatic answer stops nobody, but the sequence there goes on",
         known(place("AUTOREPLIED")), ((C.IN_OTHER_CAMPAIGN, OUT),), "(waiting there after an automatic reply)"),
    Case("replied, in the account and in a campaign: what Woodpecker refuses is told",
         known(place("REPLIED"), status="REPLIED"), ((C.REPLIED, OUT),), f"Replied. {REFUSED}", fixed=True),
    Case("blacklisted, in the account and in a campaign",
         known(place("BLACKLIST"), status="BLACKLIST"), ((C.OPTED_OUT, OUT),), "opted out", fixed=True),
    # bounced
    Case("bounced", known(status="BOUNCED"), ((C.BOUNCED, OUT),), f"Mail to this address bounced. {REFUSED}", fixed=True),
    Case("bounced in another campaign", known(place("BOUNCED"), status="ACTIVE"), ((C.BOUNCED, OUT),), "bounced in “Q4 leads”"),
    Case("bounced in another campaign, where the settings warn", known(place("BOUNCED")), ((C.BOUNCED, WARN),), policy=policy(bounced=WARN)),
    Case("bounced and replied: both are told, the reply first",
         known(place("REPLIED"), place("BOUNCED", number=9)), ((C.REPLIED, OUT), (C.BOUNCED, OUT)), "Replied in"),
    # another campaign
    Case("active in a running campaign of a colleague", known(place(sender="jan@team.example")),
         ((C.IN_OTHER_CAMPAIGN, OUT),), "Still in “Q4 leads” of jan@team.example: new texts would replace"),
    Case("active in a paused campaign: it may run again", known(place(campaign="PAUSED")), ((C.IN_OTHER_CAMPAIGN, OUT),), "Still in"),
    Case("active in a draft", known(place(campaign="DRAFT")), ((C.IN_OTHER_CAMPAIGN, OUT),), "Still in"),
    Case("active in an edited campaign", known(place(campaign="EDITED")), ((C.IN_OTHER_CAMPAIGN, OUT),), "Still in"),
    Case("paused there", known(place("PAUSED")), ((C.IN_OTHER_CAMPAIGN, OUT),), "(paused there)"),
    Case("held to check there", known(place("TO-CHECK")), ((C.IN_OTHER_CAMPAIGN, OUT),), "(held there, to be checked)"),
    Case("held to review in a campaign that looks completed",
         known(place("TO-REVIEW", "COMPLETED")), ((C.IN_OTHER_CAMPAIGN, OUT),), "(held there, to be reviewed)"),
    Case("a word for the campaign that nobody knows: in doubt it mails",
         known(place(campaign="HIBERNATING")), ((C.IN_OTHER_CAMPAIGN, OUT),), "Still in"),
    Case("a word for the person that nobody knows: in doubt they are mailed",
         known(place("PONDERING")), ((C.IN_OTHER_CAMPAIGN, OUT),), "Still in"),
    Case("a campaign that our copy does not know", known(place(campaign="", name="")), ((C.IN_OTHER_CAMPAIGN, OUT),), "“8”"),
    Case("added by us a moment ago, without a status yet", known(place("")), ((C.IN_OTHER_CAMPAIGN, OUT),), "Still in"),
    Case("in two campaigns: both are named", known(place(name="Ant"), place(number=9, name="Bee")),
         ((C.IN_OTHER_CAMPAIGN, OUT),), "“Ant”, “Bee”"),
    Case("where the settings warn", known(place()), ((C.IN_OTHER_CAMPAIGN, WARN),), policy=policy(in_other_campaign=WARN)),
    Case("where the settings ignore it", known(place()), policy=policy(in_other_campaign=Weight.IGNORED)),
    Case("in the target and in another one", known(place(number=TARGET), place()), ((C.IN_OTHER_CAMPAIGN, OUT),), "“Q4 leads”"),
    # campaigns that are over
    Case("finished in a completed campaign", known(place(campaign="COMPLETED")), ((C.WAS_IN_CAMPAIGN, WARN),), "Was in “Q4 leads”, which is over for them."),
    Case("in a stopped campaign", known(place(campaign="STOPPED")), ((C.WAS_IN_CAMPAIGN, WARN),), "Was in"),
    Case("in a deleted campaign", known(place(campaign="DELETED")), ((C.WAS_IN_CAMPAIGN, WARN),), "Was in"),
    Case("did not answer to the end", known(place("NON_RESPONSIVE")), ((C.WAS_IN_CAMPAIGN, WARN),), "Was in"),
    Case("called invalid there: local to that campaign", known(place("INVALID"), status="ACTIVE"), ((C.WAS_IN_CAMPAIGN, WARN),), "Was in"),
    Case("over, and the settings ignore it", known(place(campaign="COMPLETED")), policy=policy(was_in_campaign=Weight.IGNORED)),
    Case("over, and the settings keep out", known(place(campaign="COMPLETED")), ((C.WAS_IN_CAMPAIGN, OUT),), policy=policy(was_in_campaign=OUT)),
    # time
    Case("contacted yesterday", known(last_contacted_at=days_ago(1.2)), ((C.CONTACTED_RECENTLY, OUT),),
         "Last contacted on 2026-11-22, yesterday (your limit is 30 days)."),
    Case("contacted this morning", known(last_contacted_at=days_ago(0.1)), ((C.CONTACTED_RECENTLY, OUT),), "today"),
    Case("contacted 29 days ago", known(last_contacted_at=days_ago(29)), ((C.CONTACTED_RECENTLY, OUT),), "29 days ago"),
    Case("contacted 31 days ago", known(last_contacted_at=days_ago(31))),
    Case("contacted 10 days ago where the limit is 7", known(last_contacted_at=days_ago(10)), policy=policy(7)),
    Case("contacted today where the rule is off", known(last_contacted_at=NOW), policy=policy(0)),
    Case("contacted recently where the settings warn", known(last_contacted_at=days_ago(3)),
         ((C.CONTACTED_RECENTLY, WARN),), policy=policy(contacted_recently=WARN)),
    Case("recently, and still in another campaign: the texts there weigh more",
         known(place(), last_contacted_at=days_ago(3)), ((C.IN_OTHER_CAMPAIGN, OUT), (C.CONTACTED_RECENTLY, OUT)), "Still in"),
    # company
    Case("a colleague in the same list", known(), ((C.SAME_COMPANY, WARN),), "1 more person of acme.example in this list.",
         peers=Peers("acme.example", in_list=1)),
    Case("four colleagues in the list", known(), ((C.SAME_COMPANY, WARN),), "4 more people", peers=Peers("acme.example", in_list=4)),
    Case("a colleague whom Woodpecker mails", known(), ((C.SAME_COMPANY, WARN),), "Woodpecker writes to bob@acme.example in “Q4 leads”",
         peers=Peers("acme.example", at_vendor=(Peer("bob@acme.example", None, "Q4 leads"),))),
    Case("colleagues in the list and at Woodpecker, told in one sentence", known(), ((C.SAME_COMPANY, WARN),),
         "1 more person of acme.example in this list, and Woodpecker writes to bob@acme.example.",
         peers=Peers("acme.example", in_list=1, at_vendor=(Peer("bob@acme.example"),))),
    Case("more colleagues than one reads: three are named", known(), ((C.SAME_COMPANY, WARN),), "and 2 more of the company.",
         peers=Peers("acme.example", at_vendor=tuple(Peer(f"p{number}@acme.example") for number in range(5)))),
    Case("the first of a company where the settings keep out: one may go", known(), ((C.SAME_COMPANY, WARN),),
         policy=policy(same_company=OUT), peers=Peers("acme.example", in_list=1, earlier=0)),
    Case("the second of a company where the settings keep out", known(), ((C.SAME_COMPANY, OUT),),
         policy=policy(same_company=OUT), peers=Peers("acme.example", in_list=1, earlier=1)),
    Case("the first, but Woodpecker writes to a colleague already", known(), ((C.SAME_COMPANY, OUT),),
         policy=policy(same_company=OUT), peers=Peers("acme.example", at_vendor=(Peer("bob@acme.example"),))),
    Case("colleagues where the settings ignore them", known(), policy=policy(same_company=Weight.IGNORED), peers=Peers("acme.example", in_list=3)),
    Case("nobody else of the company", known(), peers=Peers("acme.example")),
    # words
    Case("called invalid in the account", known(status="INVALID"), ((C.CALLED_INVALID, WARN),), "calls this address invalid"),
    Case("a word that this program does not know", known(status="SLEEPING"), ((C.UNKNOWN_STATUS, WARN),), "SLEEPING"),
    Case("lower case is the same word", known(status="replied"), ((C.REPLIED, OUT),), "Replied", fixed=True),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_a_case_is_decided_as_the_table_says(case: Case):
    found = collisions(case.at_vendor, case.policy, NOW, peers=case.peers, target=TARGET)
    assert tuple((each.code, each.weight) for each in found) == case.expected
    if case.expected:
        assert case.reads in found[0].sentence
        assert found[0].can_be_overridden is not case.fixed
        assert all(each.sentence.endswith(".") for each in found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_a_rep_reads_sentences_and_no_words_of_a_machine(case: Case):
    for found in collisions(case.at_vendor, case.policy, NOW, peers=case.peers, target=TARGET):
        shouted = re.findall(r"\b[A-Z][A-Z_-]{2,}\b", found.sentence)
        # A word that nobody knows is all there is to tell; every other one has a meaning that can be said.
        assert found.code is C.UNKNOWN_STATUS or not shouted, found.sentence
        assert "_" not in found.sentence
        assert found.sentence[0].isupper() or found.sentence[0].isdigit()
        assert not re.search(r"[;:,]\.|\(\)|  ", found.sentence), found.sentence


def test_the_table_has_sixty_cases_and_no_two_are_the_same():
    assert len(CASES) >= 60
    assert len({case.about for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("domain", "company"), [("acme.example", True), ("gmail.com", False), ("GMX.de", False), ("", False)]
)
def test_free_mail_makes_nobody_a_colleague(domain: str, company: bool):
    assert is_company_domain(domain) is company
