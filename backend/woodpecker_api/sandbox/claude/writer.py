"""The sandbox's writer: a believable sequence from the facts, the same for the same request.

It follows the user's instruction ("shorter", "longer", "mention …"), and never anything that a cell of the lead says.
About one lead in seventeen gets a text that our own checks flag, so that flags are seen in the sandbox as well.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from woodpecker_api.kit.hashing import canonical, digest
from woodpecker_api.sandbox.claude import phrases
from woodpecker_api.sandbox.claude.prompt import Prompt, facts_of, forbidden_words, proof_points

FLAWED_ONE_IN = 17
ROLLS = 25
NOTE_LIMIT = 300
NOTE_RANGE = (60, 299)
BUMP_WORDS = (10, 60)
SUBJECT_RANGE = (36, 50)
MAIL_WORDS = (90, 200)
# From which snippet on a mail is the second one, a bump the later one, when only one of them is asked for.
SECOND_MAIL_FROM, LATER_BUMP_FROM = 4, 5
RANGE = re.compile(r"(\d+)\s*(?:-|–|to|and)\s*(\d+)\s+(words|characters)")
MENTION = re.compile(r"\bmention(?:s|ing)?\s+(.{3,120})", re.IGNORECASE)
FIELDS = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for: the share of the allowed length to fill (0 to 1), and something to mention."""

    fill: float
    mention: str


def write(prompt: Prompt, wanted: Mapping[str, str]) -> dict[str, str]:
    """A text for each wanted property. `wanted`: name → description, which begins with the kind."""
    writer = _Writer(prompt)
    texts = {name: writer.new_text(name, told) for name, told in wanted.items()}
    if writer.is_flawed:
        writer.spoil(texts, wanted)
    return texts


def kind_of(description: str) -> str:
    """subject, email, linkedin_note, bump, breakup: the first word of the description."""
    words = re.findall(r"[a-z_]+", description.lower().replace("e-mail", "email"))
    return words[0] if words else ""


def is_flawed(lead: Mapping[str, object]) -> bool:
    return int(digest(lead)[:8], 16) % FLAWED_ONE_IN == 0


def wish_of(instruction: str) -> Wish:
    said = instruction.lower()
    fill = 0.0 if "short" in said else 0.85 if "longer" in said else 0.3
    mention = MENTION.search(instruction)
    return Wish(fill, " ".join(mention.group(1).split()).rstrip(".") if mention else "")


def _number(name: str) -> int:
    digits = re.findall(r"\d+", name)
    return int(digits[-1]) if digits else 0


class _Writer:
    def __init__(self, prompt: Prompt) -> None:
        self._dice = random.Random(canonical([dict(prompt.lead), prompt.rest]))
        self._earlier = prompt.earlier
        self._facts = facts_of(prompt)
        self._proofs = proof_points(prompt.brief)
        words = "|".join(re.escape(word) for word in forbidden_words(prompt.brief))
        self._forbidden = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None
        self._wish = wish_of(prompt.instruction)
        self._sender = prompt.sender.split(" ")[0]
        self._closing = self._dice.choice(phrases.CLOSINGS)
        self._hello = self._one(phrases.GREETINGS, phrases.GREETINGS_WITHOUT_NAME)
        # An instruction means that somebody is mending the text.
        self.is_flawed = not prompt.instruction and not prompt.earlier and is_flawed(prompt.lead)

    def new_text(self, name: str, told: str) -> str:
        """One that was not there before, as far as the phrases reach."""
        earlier = str(self._earlier.get(name, "")).split()  # our side may have tidied its white space
        for _roll in range(ROLLS):
            text = self.text(kind_of(told), _number(name), told)
            if text.split() != earlier:
                break
        return text

    def text(self, kind: str, number: int, told: str) -> str:
        if kind == "subject":
            return self._subject(told)
        if kind == "linkedin_note":
            return self._note(told)
        if kind == "bump":
            return self._bump(phrases.LATER_BUMPS if number >= LATER_BUMP_FROM else phrases.BUMPS, told)
        if kind == "breakup":
            return self._mail(self._farewell(), phrases.FAREWELL_EXTRAS, told)
        return self._mail(self._pitch(second=number >= SECOND_MAIL_FROM), phrases.EXTRAS, told)

    def _subject(self, told: str) -> str:
        low, high = _range(told, "characters", SUBJECT_RANGE)
        fitting = [line for line in self._sayable(phrases.SUBJECTS) if low <= len(line) <= high]
        chosen = self._dice.choice(fitting or self._sayable(phrases.SUBJECTS) or ["A question"])
        shorter = [line for line in fitting if len(line) < len(chosen)]
        return min(shorter, key=len) if self._wish.fill == 0 and shorter else chosen

    def _note(self, told: str) -> str:
        low, high = _range(told, "characters", NOTE_RANGE)
        notes = self._sayable(phrases.LINKEDIN_NOTES) or list(phrases.LINKEDIN_NOTES_WITHOUT_FACTS)
        fitting = [note for note in notes if low <= len(note) <= high] or notes
        note = min(fitting, key=len) if self._wish.fill == 0 else self._dice.choice(fitting)
        return self._with_mention(note, " ")

    def _bump(self, lines: Sequence[str], told: str) -> str:
        low, _high = _range(told, "words", BUMP_WORDS)
        sayable = self._sayable(lines) or [phrases.BUMP_WITHOUT_FACTS]
        line = min(sayable, key=len) if self._wish.fill == 0 else self._dice.choice(sayable)
        extras = self._sayable(phrases.BUMP_EXTRAS)
        self._dice.shuffle(extras)
        while extras and _words([self._hello, line]) < low:
            line += f" {extras.pop()}"
        return self._signed(f"{self._hello}\n\n{self._with_mention(line, ' ')}")

    def _pitch(self, *, second: bool) -> list[str]:
        if second:
            opener = self._one(phrases.ANGLE_OPENERS, phrases.ANGLE_OPENERS_WITHOUT_FACTS)
            problem = self._one(phrases.ANGLE_PROBLEMS)
        else:
            opener = self._one(phrases.OPENERS, phrases.OPENERS_WITHOUT_FACTS)
            problem = self._one(phrases.PROBLEMS)
        offer = self._one(phrases.OFFERS, phrases.OFFERS_WITHOUT_PRODUCT)
        proof = self._proof(second=second)
        return [
            opener,
            problem,
            f"{offer} {proof}".strip(),
            self._one(phrases.ASKS, phrases.ASKS_WITHOUT_COMPANY),
        ]

    def _farewell(self) -> list[str]:
        return [
            self._one(phrases.FAREWELL_OPENERS),
            self._one(phrases.FAREWELL_MIDDLES),
            self._one(phrases.FAREWELL_CLOSINGS),
        ]

    def _proof(self, *, second: bool) -> str:
        if not self._proofs:
            return ""
        place = (len(self._facts.get("company", "")) + second) % len(self._proofs)
        return self._one(phrases.PROOFS, proof=self._proofs[place])

    def _mail(self, paragraphs: list[str], extras: Sequence[str], told: str) -> str:
        """Greeting, paragraphs and as many extras, before the last paragraph, as the wished length takes."""
        low, high = _range(told, "words", MAIL_WORDS)
        target = low + self._wish.fill * (high - low)
        *body, last = [self._hello, *paragraphs]
        spare = self._sayable(extras)
        self._dice.shuffle(spare)
        while spare and _words([*body, last]) < target:
            extra = spare.pop()
            if _words([*body, extra, last]) <= high:
                body.append(extra)
        return self._signed(self._with_mention("\n\n".join(body), "\n\n") + f"\n\n{last}")

    def _signed(self, text: str) -> str:
        """Texts end without a name unless the prompt says who signs."""
        return f"{text}\n\n{self._closing}\n{self._sender}" if self._sender else text

    def _with_mention(self, text: str, gap: str) -> str:
        if not self._wish.mention:
            return text
        return text + gap + self._one(phrases.MENTIONS, (), mention=self._wish.mention)

    def _one(self, lines: Sequence[str], otherwise: Sequence[str] = (), **more: str) -> str:
        sayable = self._sayable(lines, **more) or self._sayable(otherwise, **more)
        return self._dice.choice(sayable) if sayable else ""

    def _sayable(self, lines: Sequence[str], **more: str) -> list[str]:
        """The lines whose facts are known, filled, without those that use a forbidden word."""
        facts = self._facts | more
        filled = [line.format_map(facts) for line in lines if set(FIELDS.findall(line)) <= facts.keys()]
        return [line for line in filled if not (self._forbidden and self._forbidden.search(line))]

    def spoil(self, texts: dict[str, str], wanted: Mapping[str, str]) -> None:
        """Puts one fault into the texts, of a kind that a check finds."""
        places = {kind_of(told): name for name, told in reversed(list(wanted.items()))}
        fault = self._dice.choice([kind for kind in ("subject", "email", "linkedin_note") if kind in places] or [""])
        name = places.get(fault, "")
        if fault == "subject":
            texts[name] = (self._sayable(phrases.TOO_LONG_SUBJECTS) or phrases.TOO_LONG_SUBJECTS[-1:])[0]
        elif fault == "email":
            texts[name] += f"\n\n{phrases.LEFTOVER}"
        while fault == "linkedin_note" and len(texts[name]) <= NOTE_LIMIT:
            texts[name] += phrases.TOO_MUCH


def _range(told: str, unit: str, default: tuple[int, int]) -> tuple[int, int]:
    for low, high, named in RANGE.findall(told):
        if named == unit and int(low) < int(high):
            return int(low), int(high)
    return default


def _words(paragraphs: Sequence[str]) -> int:
    return sum(len(paragraph.split()) for paragraph in paragraphs)
