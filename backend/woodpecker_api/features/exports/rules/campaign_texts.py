"""A campaign that fits a template: what to paste into its steps, what to compare by eye, how a step reads with our texts."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from woodpecker_api.features.exports.rules.fit import Planned, StepText
from woodpecker_api.features.sequences.rules import SnippetKind

_TOKEN = re.compile(r"\{\{\s*([A-Z0-9_]+)\s*(?:\|\s*\"([^\"]*)\"\s*)?\}\}", re.IGNORECASE)
_LINE_END = re.compile(r"<br\s*/?>|</(?:p|div|li|h\d|tr)>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_SNIPPET = re.compile(r"SNIPPET_(\d{1,2})\Z")
_FOLLOW_UPS = (SnippetKind.BUMP, SnippetKind.BREAKUP)


@dataclass(frozen=True)
class CampaignText:
    """One step to make in Woodpecker. `wait_days` after the step before it; a follow-up's empty subject keeps the thread."""

    step: int
    day: int
    wait_days: int
    channel: str
    """E-mail or LinkedIn"""
    subject: str
    text: str


def campaign_texts(template: Sequence[Planned]) -> tuple[CampaignText, ...]:
    """Steps for every text of the template, in the order of their days: ready to paste."""
    steps: list[CampaignText] = []
    by_day = sorted(template, key=lambda each: (each.day, each.number))
    for day, group in groupby(by_day, key=lambda each: each.day):
        for channel, subject, text in _steps_of_a_day(list(group)):
            wait = day - steps[-1].day if steps else 0
            steps.append(CampaignText(len(steps) + 1, day, wait, channel, subject, text))
    return tuple(steps)


def checklist(template: Sequence[Planned]) -> dict[str, str]:
    """What a person compares in Woodpecker when nobody can read the steps for them: stable code to sentence."""
    found = {}
    for step in campaign_texts(template):
        what = f"its text holds {step.text}"
        if step.channel == "E-mail":
            subject = f"its subject is {step.subject}" if step.subject else "its subject is empty"
            what = f"{subject} and {what}"
        found[f"step_{step.step}"] = f"Step {step.step} is {step.channel} on day {step.day}: {what}."
    found["no_other_snippet"] = "No step uses a snippet that is not named here."
    return found


@dataclass(frozen=True)
class Part:
    """A piece of a mail: `source` is campaign (its own words), snippet (ours), field (the person's data) or missing."""

    text: str
    source: str
    snippet: int | None = None


def preview(text: str, texts: Mapping[int, str], fields: Mapping[str, str]) -> tuple[Part, ...]:
    """A step's HTML as plain text, with our texts and the person's fields where its tokens stand."""
    plain = _plain(text)
    parts: list[Part] = []
    end = 0
    for match in _TOKEN.finditer(plain):
        parts.append(Part(plain[end : match.start()], "campaign"))
        parts.append(_filled(match, texts, fields))
        end = match.end()
    parts.append(Part(plain[end:], "campaign"))
    return tuple(part for part in parts if part.text)


def first_versions(steps: Sequence[StepText]) -> list[StepText]:
    """Version A of each step, which is the one that everybody would get if nothing is tried against it."""
    first: dict[int, StepText] = {}
    for step in steps:
        first.setdefault(step.number, step)
    return list(first.values())


def _steps_of_a_day(snippets: Sequence[Planned]) -> list[tuple[str, str, str]]:
    """(channel, subject, text) of one day: a subject belongs to the mail that it opens."""
    subject = "".join(_token(each.number) for each in snippets if each.kind is SnippetKind.SUBJECT)
    found = []
    for each in snippets:
        if each.kind is SnippetKind.LINKEDIN_NOTE:
            found.append(("LinkedIn", "", _token(each.number)))
        elif each.kind is SnippetKind.EMAIL:
            found.append(("E-mail", subject, _token(each.number)))
            subject = ""
        elif each.kind in _FOLLOW_UPS:
            found.append(("E-mail", "", _token(each.number)))
    return found


def _token(number: int) -> str:
    return f"{{{{SNIPPET_{number}}}}}"


def _filled(match: re.Match[str], texts: Mapping[int, str], fields: Mapping[str, str]) -> Part:
    name, fallback = match.group(1).upper(), match.group(2) or ""
    snippet = _SNIPPET.match(name)
    if snippet is not None:
        number = int(snippet.group(1))
        value = texts.get(number, "") or fallback
        return Part(value, "snippet", number) if value else Part(match.group(0), "missing", number)
    value = fields.get(name.lower(), "") or fallback
    return Part(value, "field") if value else Part(match.group(0), "missing")


def _plain(text: str) -> str:
    lines = html.unescape(_TAG.sub("", _LINE_END.sub("\n", text))).replace("\xa0", " ").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()
