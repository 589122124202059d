"""No table is forgotten when people are: each is either among the places where people are, or holds none, with the reason."""

from tests.features.privacy.world import Privacy
from woodpecker_api.db.base import Base
from woodpecker_api.features.imports.service.erasing import InFiles
from woodpecker_api.features.leads.rules.forgetting import Person
from woodpecker_api.features.privacy.service.erasing import every_place

HOLDS_NOBODY = {
    "account_people": "a place",
    "api_tokens": "the team's",
    "audit_head": "numbers and hashes",
    "audit_lines": "no personal data by rule; what was before and after is in audit_payloads",
    "campaign_checklists": "what somebody of the team ticked",
    "campaigns": "campaigns, and mailboxes of the team",
    "changes": "ids",
    "erased_people": "keyed hashes",
    "erasures": "its address goes with the last turn",
    "export_batches": "ids and counts",
    "export_plans": "counts",
    "exports": "campaigns and counts",
    "generation_batches": "ids and counts",
    "generation_calls": "figures",
    "installation_facts": "the installation's own",
    "mapping_memories": "names of columns",
    "notice_choices": "the team's",
    "retention_reports": "counts",
    "senders": "the team's",
    "settings": "the installation's own",
    "template_versions": "the team's words; {{placeholders}} for people",
    "templates": "names of templates",
    "user_sessions": "the team's",
    "users": "the team's",
    "vendor_answers": "answers without personal data",
    "woodpecker_accounts": "accounts",
}


def test_each_table_is_a_place_where_people_are_or_says_why_it_holds_nobody(world: Privacy):
    person = Person("ann@acme.example", "erased:0")
    with world.database.reading() as db:
        places = {place.name for place in every_place(db, person, InFiles((("i", 1),)), world.now)}
    # Named only with an id of a rejected row.
    places.add("import_rejects")
    unsaid = set(Base.metadata.tables) - places - set(HOLDS_NOBODY)
    assert unsaid == set(), "add a place to the room's service/erasing.py, or a line to HOLDS_NOBODY"
