"""What a campaign's status means for somebody who is added to it."""

from enum import StrEnum


class MailsOnEnrol(StrEnum):
    """Whether adding a person makes mail go out without anybody doing anything more."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


# COMPLETED: adding returns the campaign to RUNNING and mails the newcomers.
_MAILS = frozenset({"RUNNING", "COMPLETED"})
_KEEPS = frozenset({"DRAFT", "EDITED", "PAUSED"})


def mails_on_enrol(status: str) -> MailsOnEnrol:
    """`status` is the vendor's word; one that nobody has described (STOPPED, DELETED, new ones) is unknown."""
    word = status.strip().upper()
    if word in _MAILS:
        return MailsOnEnrol.YES
    return MailsOnEnrol.NO if word in _KEEPS else MailsOnEnrol.UNKNOWN


def may_export_to(status: str) -> bool:
    return mails_on_enrol(status) is not MailsOnEnrol.UNKNOWN


class PersonBar(StrEnum):
    """Why Woodpecker's own word on a person keeps them out."""

    REPLIED = "replied"
    BOUNCED = "bounced"
    BLACKLISTED = "do_not_contact"


_BARS = {
    "REPLIED": PersonBar.REPLIED,
    "RESPONDED": PersonBar.REPLIED,
    "BOUNCED": PersonBar.BOUNCED,
    "BLACKLIST": PersonBar.BLACKLISTED,
    "BLACKLISTED": PersonBar.BLACKLISTED,
    "OPT_OUT": PersonBar.BLACKLISTED,
}


def person_bar(status: str) -> PersonBar | None:
    """Both dialects of the vendor. INVALID is local to a campaign and bars nobody elsewhere."""
    return _BARS.get(status.strip().upper())
