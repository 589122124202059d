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
    store_people_page,
    store_steps,
)
from woodpecker_api.features.campaigns.service.looking import VendorView, view_of
from woodpecker_api.features.campaigns.service.reads import reads_waiting, request_read

__all__ = [
    "JOB",
    "VendorView",
    "account_ids",
    "end_job",
    "ensure_account",
    "fail_read",
    "find_account",
    "find_campaign",
    "finish_check",
    "forget_members",
    "lock_account",
    "note_members",
    "reads_waiting",
    "request_read",
    "store_campaigns",
    "store_members_page",
    "store_people_page",
    "store_steps",
    "the_account",
    "view_of",
    "wake",
]
