"""{{variables}} of a template's person part. They name lead data; the data themselves only ever stand inside the fence."""

import re

STANDARD_VARIABLES: tuple[str, ...] = (
    "first_name",
    "last_name",
    "company",
    "title",
    "industry",
    "city",
    "state",
    "country",
    "time_zone",
    "website",
    "linkedin_url",
    "email",
    "phone",
    "address",
)
"""The lead's own fields. Any other name is a column of the imported list, by its key (`company_nickname`)."""

ALWAYS_SENT = ("first_name", "company")
"""The texts must get these right, so the model always has them."""

_VARIABLE = re.compile(r"\{\{\s*([^\W\d]\w{0,59})\s*\}\}")


def variables_in(text: str) -> tuple[str, ...]:
    """The names, each once, in the order of their first use."""
    return tuple(dict.fromkeys(match.group(1).casefold() for match in _VARIABLE.finditer(text)))


def sent_fields(person_text: str) -> tuple[str, ...]:
    """Which lead data a template asks for: what is not named is not sent to the vendor."""
    return tuple(dict.fromkeys((*ALWAYS_SENT, *variables_in(person_text))))


def referenced(text: str) -> str:
    """`{{first_name}}` → `lead_data.first_name`: the instructions point at the data, they never contain them."""
    return _VARIABLE.sub(lambda match: f"lead_data.{match.group(1).casefold()}", text)


def broken_variables(text: str) -> tuple[str, ...]:
    """Braces that are no variable, as they stand, shortened: `{{ }}`, `{{first name}}`, `{name}}`."""
    rest = _VARIABLE.sub("", text)
    return tuple(dict.fromkeys(match.group(0) for match in re.finditer(r"\{\{[^{}]{0,40}(?:\}\})?|\}\}", rest)))
