"""States of a sequence, kinds of snippet, how severe a flag is."""

from enum import StrEnum


class SequenceStatus(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPORTED = "exported"


class SnippetKind(StrEnum):
    SUBJECT = "subject"
    EMAIL = "email"
    LINKEDIN_NOTE = "linkedin_note"
    BUMP = "bump"
    BREAKUP = "breakup"


class Author(StrEnum):
    """Who made a version of the texts."""

    MODEL = "model"
    PERSON = "person"
    IMPORT = "import"


class Severity(StrEnum):
    """`blocking` cannot be approved, `warning` keeps out of bulk approval, `note` only informs."""

    BLOCKING = "blocking"
    WARNING = "warning"
    NOTE = "note"


class Approval(StrEnum):
    READ = "read"
    BULK = "bulk"
