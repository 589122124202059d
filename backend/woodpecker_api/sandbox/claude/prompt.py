"""Finding the facts in a request: the lead between its fences, the brief between its own, the wish of the user.

Fences count only as lines of their own. JSON has no raw line break inside a text, so nothing in a cell can close a
fence or open another.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST_FACT = 70
# What never belongs to a name, a title or a company, but often to an order hidden in a cell.
NOT_IN_A_FACT = re.compile(r"[\r\n\t{}|<>\[\]@\\]|https?:|www\.|[!?]\s|\w{4,}\.\s", re.IGNORECASE)
INSTRUCTION = re.compile(r"<instruction>(.*?)</instruction>", re.DOTALL)
SENDER = re.compile(r"e-?mails are signed by ([^,:\n]{1,60})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """`rest` is what the user message says outside of the lead's fence, `sender` who signs, if anybody."""

    lead: Mapping[str, Any] = field(default_factory=dict)
    brief: Mapping[str, Any] = field(default_factory=dict)
    instruction: str = ""
    rest: str = ""
    sender: str = ""
    earlier: Mapping[str, Any] = field(default_factory=dict)
    """Texts that shall not come again, by name."""


def read_prompt(body: Mapping[str, Any]) -> Prompt:
    """The facts of a Messages body; empty where it has none."""
    user_text = _last_user_text(body.get("messages"))
    lead_json, rest = _fenced(user_text, "lead_data")
    brief_json, instructions = _fenced(text_of(body.get("system")), "brief")
    wish, sender = INSTRUCTION.search(rest), SENDER.search(instructions)
    return Prompt(
        lead=_object(lead_json),
        brief=_object(brief_json),
        instruction=wish.group(1).strip() if wish else "",
        rest=rest,
        sender=sender.group(1).strip() if sender else "",
        earlier=_object(_fenced(rest, "earlier_texts")[0]),
    )


def text_of(content: Any) -> str:
    """The text of a string or of a list of blocks."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    return "\n".join(str(block.get("text", "")) for block in content if isinstance(block, Mapping))


def _last_user_text(messages: Any) -> str:
    for message in reversed(messages if isinstance(messages, list) else []):
        if isinstance(message, Mapping) and message.get("role") == "user":
            return text_of(message.get("content"))
    return ""


def _fenced(text: str, name: str) -> tuple[str, str]:
    """What stands between the first pair of fences, and everything around it."""
    lines = text.split("\n")
    marks = [line.strip() for line in lines]
    try:
        start = marks.index(f"<{name}>")
        end = marks.index(f"</{name}>", start)
    except ValueError:
        return "", text
    return "\n".join(lines[start + 1 : end]), "\n".join(lines[:start] + lines[end + 1 :])


def _object(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def facts_of(prompt: Prompt) -> dict[str, str]:
    """What the sentences may use: only cells that look like what they should be."""
    lead, brief = prompt.lead, prompt.brief
    wanted = {
        "first": lead.get("first_name"),
        "company": lead.get("company_nickname") or lead.get("company"),
        "title": lead.get("title"),
        "industry": lead.get("industry"),
        "city": lead.get("city"),
    }
    facts = {name: fact for name, value in wanted.items() if (fact := _plain(value))}
    if "industry" in facts:
        facts["industry"] = " ".join(word if word.isupper() else word.lower() for word in facts["industry"].split())
    us, product = _said(brief.get("company")), _said(brief.get("product"))
    if us and product:
        facts |= {"us": us, "product": product}
    return facts


def proof_points(brief: Mapping[str, Any]) -> list[str]:
    return [said for point in _texts(brief.get("proof_points")) if (said := _said(point))]


def forbidden_words(brief: Mapping[str, Any]) -> list[str]:
    return [word.strip().lower() for word in _texts(brief.get("forbidden_words")) if word.strip()]


def _plain(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    text = value.strip()
    return "" if len(text) > LONGEST_FACT or NOT_IN_A_FACT.search(text) else text


def _said(value: Any) -> str:
    """A text of the brief, trusted, without its last full stop because the sentence has its own."""
    return " ".join(value.split()).rstrip(".") if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
