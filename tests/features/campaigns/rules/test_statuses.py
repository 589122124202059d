"""Status words and what they mean."""

import pytest

from woodpecker_api.features.campaigns.rules import MailsOnEnrol, PersonBar, mails_on_enrol, may_export_to, person_bar


@pytest.mark.parametrize(
    ("status", "mails"),
    [
        ("RUNNING", MailsOnEnrol.YES),
        ("COMPLETED", MailsOnEnrol.YES),
        ("running", MailsOnEnrol.YES),
        ("DRAFT", MailsOnEnrol.NO),
        ("EDITED", MailsOnEnrol.NO),
        ("PAUSED", MailsOnEnrol.NO),
        ("STOPPED", MailsOnEnrol.UNKNOWN),
        ("DELETED", MailsOnEnrol.UNKNOWN),
        ("HIBERNATING", MailsOnEnrol.UNKNOWN),
        ("", MailsOnEnrol.UNKNOWN),
    ],
)
def test_a_status_says_whether_adding_makes_mail_go_out(status: str, mails: MailsOnEnrol):
    assert mails_on_enrol(status) is mails
    assert may_export_to(status) is (mails is not MailsOnEnrol.UNKNOWN)


@pytest.mark.parametrize(
    ("status", "bar"),
    [
        ("REPLIED", PersonBar.REPLIED),
        ("RESPONDED", PersonBar.REPLIED),
        ("BOUNCED", PersonBar.BOUNCED),
        ("BLACKLIST", PersonBar.BLACKLISTED),
        ("OPT_OUT", PersonBar.BLACKLISTED),
        ("ACTIVE", None),
        ("INVALID", None),
        ("SOMETHING-NEW", None),
    ],
)
def test_the_vendors_word_on_a_person_keeps_out_in_both_dialects(status: str, bar: PersonBar | None):
    assert person_bar(status) is bar
