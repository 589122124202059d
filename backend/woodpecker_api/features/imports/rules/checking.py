"""One row of a list: the lead it would become, and all that is wrong or odd about it. No other row is looked at."""

import re
from dataclasses import dataclass, field

from woodpecker_api.features.imports.rules.cleaning import REPLACEMENT, cleaned, one_line
from woodpecker_api.features.imports.rules.content import MESSAGES, suspicions
from woodpecker_api.features.imports.rules.issues import Issue, Severity
from woodpecker_api.features.imports.rules.mapping import Plan
from woodpecker_api.features.imports.rules.names import split_name
from woodpecker_api.features.imports.rules.rows import Row
from woodpecker_api.features.leads.rules import Suppressed, check_address, is_web_link, time_zone_is_clear
from woodpecker_api.features.leads.rules.addresses import is_plain
from woodpecker_api.features.leads.rules.fields import CUSTOM_LIMIT, FIELD, TAG_LIMIT, TAGS_LIMIT
from woodpecker_api.kit.text import address_key

DRAFT_LIMIT = 20_000
"""Characters of one ready-made text: ten pages."""
AS_GIVEN = "_as_given"
"""A value that cannot stand in its field is kept as a custom field under this ending."""

_TAG_BREAKS = re.compile(r"[,;|\n]")
_SUBJECT = re.compile(r"(?:subject|betreff|objet|asunto|oggetto|assunto)\s*:\s*", re.IGNORECASE)
_SUBJECT_LETTERS = frozenset("sSbBoOaA")
_LIMITS = {name: known.limit for name, known in FIELD.items()}
_LINKS = ("website", "linkedin_url")


@dataclass(slots=True)
class Checked:
    """`values` holds the filled standard fields. The row can be imported when no issue is an error."""

    line: int
    key: str = ""
    values: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    custom: dict[str, str] = field(default_factory=dict)
    drafts: dict[int, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    @property
    def error(self) -> Issue | None:
        """The first reason why the row is not imported."""
        return next((issue for issue in self.issues if issue.severity is Severity.ERROR), None)


class Checker:
    """Checks row after row under one plan. `odd` says that the file holds characters nobody can see."""

    def __init__(self, plan: Plan, suppressed: Suppressed | None = None, *, odd: bool = True) -> None:
        self._plan = plan
        self._suppressed = suppressed or Suppressed()
        self._odd = odd
        self._single = tuple((name, places[0]) for name, places in plan.fields if len(places) == 1)
        self._several = tuple((name, places) for name, places in plan.fields if len(places) > 1 and name != "email")
        self._emails = next((places for name, places in plan.fields if name == "email"), ())
        self._drafts = tuple((number, places[0], places[1:]) for number, places in plan.snippets)
        self._asked = tuple(name for name, _ in plan.fields if name in ("company", "title"))

    def check(self, row: Row) -> Checked:
        cells, removed = cleaned(row.cells, row.text, odd=self._odd)
        found = Checked(row.line, issues=list(row.issues))
        if removed:
            self._say(found, None, "unseen_removed", "Control or invisible characters were taken out of the row.")
        if self._odd and REPLACEMENT in row.text:
            self._say(
                found, None, "characters_unreadable", f"Some characters could not be read and show as {REPLACEMENT}."
            )
        self._take_fields(found, cells)
        self._take_names(found, cells)
        self._take_custom(found, cells)
        found.tags = self.tags_in(cells)
        self.take_drafts(found, cells)
        self._check_address(found, cells)
        self._check_values(found)
        if len(row.text) > CUSTOM_LIMIT:
            self._check_lengths(found)
        for place, code in suspicions(cells, row.text):
            self._say(found, self._column(place), code, MESSAGES[code])
        return found

    def _take_fields(self, found: Checked, cells: list[str]) -> None:
        values = found.values
        if len(self._emails) > 1:
            filled = [cell for place in self._emails if (cell := cells[place])]
            values["email"] = next((cell for cell in filled if is_plain(cell)), filled[0] if filled else "")
            self._keep_spare(found, cells, self._emails, values["email"])
        for name, place in self._single:
            if value := cells[place]:
                values[name] = value
        for name, places in self._several:
            if (value := next((cells[place] for place in places if cells[place]), "")) != "":
                values[name] = value
                self._keep_spare(found, cells, places, value)

    def _keep_spare(self, found: Checked, cells: list[str], places: tuple[int, ...], value: str) -> None:
        """What another column of the same field says is not lost."""
        for place in places:
            if cells[place] and cells[place] != value:
                found.custom[self._plan.spare[place]] = cells[place]

    def _take_names(self, found: Checked, cells: list[str]) -> None:
        """Columns for first and last name win; a full name only fills what they leave open."""
        places = self._plan.full_name
        full = next((cells[place] for place in places if cells[place]), "") if places else ""
        if not full:
            return
        values = found.values
        first, last = values.get("first_name", ""), values.get("last_name", "")
        if first and last:
            if full != f"{first} {last}":
                found.custom[self._plan.spare[places[0]]] = full
            return
        split = split_name(full)
        if not first and (not last or split.last.casefold() in ("", last.casefold())):
            values["first_name"] = first = split.first
        if not last and split.first.casefold() == first.casefold():
            values["last_name"] = split.last
        if split.changed_case:
            message = f"The name was written in one case: {full[:100]!r}. Check the capitals."
            self._say(found, self._column(places[0]), "name_case_changed", message)
        found.values = {name: value for name, value in values.items() if value}

    def _take_custom(self, found: Checked, cells: list[str]) -> None:
        custom = found.custom
        for place, key in self._plan.custom:
            if value := cells[place]:
                custom[key] = value
        if len(cells) > self._plan.width:
            for place, value in enumerate(cells[self._plan.width :], self._plan.width + 1):
                if value:
                    custom[f"column_{place}"] = value

    def tags_in(self, cells: list[str]) -> list[str]:
        """The tags of a row, each once."""
        tags: list[str] = []
        for place in self._plan.tags:
            if cells[place]:
                tags += [tag for part in _TAG_BREAKS.split(cells[place]) if (tag := " ".join(part.split()))]
        return list(dict.fromkeys(tags))

    def take_drafts(self, found: Checked, cells: list[str]) -> None:
        """Ready-made texts, without the word that mail programs put before a subject."""
        for number, first, others in self._drafts:
            text = cells[first]
            if not text and others:
                text = next((cells[place] for place in others if cells[place]), "")
            if not text:
                continue
            if text[0] in _SUBJECT_LETTERS and "\n" not in text and (word := _SUBJECT.match(text)) is not None:
                text = text[word.end() :]
            found.drafts[number] = text

    def _check_address(self, found: Checked, cells: list[str]) -> None:
        email = found.values.get("email", "")
        # Of several columns for the address, the one that this address stands in.
        place = next((place for place in self._emails if cells[place] == email != ""), None)
        column = self._column_of("email") if place is None else self._column(place)
        if (problem := check_address(email)) is not None:
            self._refuse(found, column, problem.code, problem.message)
            return
        found.key = email.lower() if email.isascii() else address_key(email)
        if not email.isascii():
            message = "The address holds letters beyond ASCII, which many mail servers refuse."
            self._say(found, column, "email_not_ascii", message)
        if (reason := self._suppressed.reason(found.key)) is not None:
            self._refuse(found, column, "do_not_contact", reason)

    def _check_values(self, found: Checked) -> None:
        values = found.values
        if "first_name" not in values:
            self._refuse(found, self._column_of("first_name"), "name_missing", "There is no first name.")
        for name in self._asked:
            if name not in values:
                self._say(found, self._column_of(name), f"{name}_missing", f"There is no {name}.", Severity.NOTE)
        for name, value in values.items():
            if "\n" in value and name != "address":
                values[name] = one_line(value)
            if len(value) > _LIMITS[name]:
                self._too_long(found, self._column_of(name), len(value), _LIMITS[name])
        for name in _LINKS:
            if (value := values.get(name, "")) and not value.startswith("https://") and not is_web_link(value):
                self._set_aside(found, name, "link_not_http", "Only http and https links are kept as links.")
        if (value := values.get("time_zone", "")) and not time_zone_is_clear(value):
            message = "This is no time zone of the usual form, such as Europe/Berlin; Woodpecker will find its own."
            self._set_aside(found, "time_zone", "time_zone_unclear", message)

    def _set_aside(self, found: Checked, name: str, code: str, message: str) -> None:
        found.custom[name + AS_GIVEN] = found.values.pop(name)
        self._say(found, self._column_of(name), code, message)

    def _check_lengths(self, found: Checked) -> None:
        for key, value in found.custom.items():
            if len(value) > CUSTOM_LIMIT:
                self._too_long(found, key, len(value), CUSTOM_LIMIT)
        for number, text in found.drafts.items():
            if len(text) > DRAFT_LIMIT:
                self._too_long(found, f"Snippet {number}", len(text), DRAFT_LIMIT)
        if len(found.tags) > TAGS_LIMIT or any(len(tag) > TAG_LIMIT for tag in found.tags):
            message = f"At most {TAGS_LIMIT} tags of {TAG_LIMIT} characters fit."
            self._refuse(found, None, "too_long", message)

    def _too_long(self, found: Checked, column: str | None, length: int, limit: int) -> None:
        self._refuse(found, column, "too_long", f"The cell has {length:,} characters; at most {limit:,} fit.")

    def _refuse(self, found: Checked, column: str | None, code: str, message: str) -> None:
        found.issues.append(Issue(found.line, column, code, message, Severity.ERROR))

    def _say(
        self, found: Checked, column: str | None, code: str, message: str, severity: Severity = Severity.WARNING
    ) -> None:
        found.issues.append(Issue(found.line, column, code, message, severity))

    def _column(self, place: int) -> str:
        return self._plan.names[place] if place < self._plan.width else f"Column {place + 1}"

    def _column_of(self, name: str) -> str | None:
        return next((self._column(places[0]) for known, places in self._plan.fields if known == name), None)
