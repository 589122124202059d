"""A row ready to be stored: its verdict, and what the database takes of it."""

import json
from collections.abc import Mapping
from json.encoder import encode_basestring_ascii as quoted
from typing import NamedTuple

from woodpecker_api.features.imports.rules.checking import Checked
from woodpecker_api.features.imports.rules.issues import Issue
from woodpecker_api.features.imports.rules.rows import SEPARATOR, Row
from woodpecker_api.features.leads.rules import FIELD_NAMES, derived

PREPARED = (*FIELD_NAMES, "tags", "custom", "search_text", "company_sort", "name_sort")
"""What of a lead follows from its row, as texts; tags and custom fields as JSON."""
ROW_END = "\x1e"
_TAGS, _CUSTOM = PREPARED.index("tags"), PREPARED.index("custom")
# Cells are joined by the character that ends them, as `Row.text` is; cells that hold it themselves are written as JSON.
JOINED, _JSON = "t", "j"


class Prepared(NamedTuple):
    """`refusal` is why the row cannot come in (invalid, or double in the file); then there are no `columns`.

    `columns` are the texts of `PREPARED`. `drafts` is JSON too, or empty. `raw` holds the cells.
    """

    line: int
    key: str
    refusal: Issue | None
    is_double: bool
    columns: tuple[str, ...]
    drafts: str
    raw: str

    @property
    def cells(self) -> list[str]:
        """As they stand in the file."""
        if self.raw[:1] == _JSON:
            return list(json.loads(self.raw[1:]))
        return self.raw[1:].split(SEPARATOR)

    @property
    def texts(self) -> dict[int, str]:
        """Ready-made texts by their number."""
        return {int(number): text for number, text in json.loads(self.drafts).items()} if self.drafts else {}

    def checked(self) -> Checked:
        """As the check gave it, without its issues."""
        values = {name: value for name, value in zip(FIELD_NAMES, self.columns, strict=False) if value}
        tags, custom = json.loads(self.columns[_TAGS]), json.loads(self.columns[_CUSTOM])
        return Checked(self.line, self.key, values, tags, custom, self.texts)

    def as_double(self, issue: Issue) -> "Prepared":
        """The same row, refused because its address came before."""
        return Prepared(self.line, self.key, issue, True, (), "", self.raw)


def prepare(row: Row, checked: Checked) -> Prepared:
    refusal = checked.error
    if refusal is not None:
        return Prepared(checked.line, checked.key, refusal, False, (), "", _raw(row))
    values = checked.values
    follows = derived(values["email"], values, key=checked.key)
    columns = (
        *[values.get(name, "") for name in FIELD_NAMES],
        json.dumps(checked.tags) if checked.tags else "[]",
        json_object(checked.custom),
        follows["search_text"],
        follows["company_sort"],
        follows["name_sort"],
    )
    return Prepared(checked.line, checked.key, None, False, columns, json_texts(checked.drafts), _raw(row))


def with_texts_as_custom(one: Prepared) -> tuple[str, ...]:
    """The columns with ready-made texts among the custom fields."""
    custom = json.loads(one.columns[_CUSTOM]) | {f"snippet_{number}": text for number, text in one.texts.items()}
    return (*one.columns[:_CUSTOM], json.dumps(custom), *one.columns[_CUSTOM + 1 :])


def json_object(texts: Mapping[str, str]) -> str:
    """As `json.dumps`, which makes a new encoder for each call, in a third of its time."""
    return "{" + ", ".join([f"{quoted(key)}: {quoted(value)}" for key, value in texts.items()]) + "}"


def json_texts(drafts: Mapping[int, str]) -> str:
    return json_object({str(number): text for number, text in drafts.items()}) if drafts else ""


def _raw(row: Row) -> str:
    text = SEPARATOR.join(row.cells) if row.issues else row.text  # a ragged row was evened out
    if text.count(SEPARATOR) == len(row.cells) - 1 and ROW_END not in text:
        return JOINED + text
    return _JSON + json.dumps(row.cells)
