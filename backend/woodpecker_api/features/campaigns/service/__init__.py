"""What may be done with the copy: set up the account, ask for reads, store what they bring, look people up."""

from woodpecker_api.features.campaigns.service.account import (
    JOB,
    account_ids,
    end_job,
    ensure_account,
    find_account,
    find_campaign,
    lock_account,
    the_account,
    wake,
)
from woodpecker_api.features.campaigns.service.copying import (
    fail_read,
    finish_check,
    forget_members,
    note_members,
    store_campaigns,
    store_members_page,
    store_steps,
)
from woodpecker_api.features.campaigns.service.facts import (
    AccountFacts,
    PersonFacts,
    collisions_of,
    facts_of,
    peers_in,
    policy_of,
    waiting_ahead,
)
from woodpecker_api.features.campaigns.service.looking import VendorView, view_of
from woodpecker_api.features.campaigns.service.mirror import (
    ask_for_what_is_old,
    mirror_if_due,
    mirror_state,
    request_mirror,
    store_people_page,
    store_verified,
    to_verify,
)
from woodpecker_api.features.campaigns.service.reads import reads_waiting, request_read

__all__ = [
    "JOB",
    "AccountFacts",
    "PersonFacts",
    "VendorView",
    "account_ids",
    "ask_for_what_is_old",
    "collisions_of",
    "end_job",
    "ensure_account",
    "facts_of",
    "fail_read",
    "find_account",
    "find_campaign",
    "finish_check",
    "forget_members",
    "lock_account",
    "mirror_if_due",
    "mirror_state",
    "note_members",
    "peers_in",
    "policy_of",
    "reads_waiting",
    "request_mirror",
    "request_read",
    "store_campaigns",
    "store_members_page",
    "store_people_page",
    "store_steps",
    "store_verified",
    "the_account",
    "to_verify",
    "view_of",
    "waiting_ahead",
    "wake",
]
