"""What may be said about a person: the lead's data, the brief, and who signs. Everything else is an invention."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from urllib.parse import urlsplit

from woodpecker_api.features.templates.rules import Brief

NICKNAME_KEYS = ("nickname", "nick_name", "preferred_name", "preferred_first_name", "goes_by")
COMPANY_NICKNAME_KEYS = ("company_nickname", "company_short_name", "short_company_name", "company_short")
TRUSTED_LINK_FIELDS = ("website", "linkedin_url")

_LEGAL = re.compile(
    r"[\s,]+(?:inc|incorporated|llc|llp|lp|ltd|limited|plc|corp|corporation|co|company|gmbh|ag|kg|se|sa|sas|sarl|bv|nv|ab|as|a/s|"
    r"oy|oyj|spa|srl|pty|pte|kk|group|holding|holdings|international|l\.l\.c|s\.a|b\.v|n\.v|s\.p\.a|s\.r\.l|a\.s)\.?$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]{}\"']+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12}\b(?:/[^\s<>()\[\]{}\"']*)?",
    re.IGNORECASE,
)


def folded(text: str) -> str:
    """Without case and accents, with straight apostrophes: so that `Łukasz’s` and `lukasz's` compare."""
    if text.isascii():  # most texts are; this is called for every word
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return _BEYOND_ASCII.sub(_without_mark, apart)


def _without_mark(found: re.Match[str]) -> str:
    return "" if unicodedata.combining(found.group()) else found.group()


def holds_word(text: str, word: str) -> bool:
    """Whether `word` stands in `text` with no letter, digit or underscore beside it."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (start and _is_inner(text[start - 1])) and not (end < len(text) and _is_inner(text[end])):
            return True
        start = text.find(word, start + 1)
    return False


def _is_inner(character: str) -> bool:
    return character.isalnum() or character == "_"


def host_of(link: str) -> str:
    """`https://www.acme.example/x` → `acme.example`; "" for what has no host."""
    try:
        host = urlsplit(link if "//" in link else f"//{link}").hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.").rstrip(".")


def without_legal_form(company: str) -> str:
    """`Acme Software, Inc.` → `Acme Software`; a name that is only a legal form stays."""
    name = company.strip().rstrip(",")
    while True:
        shorter = _LEGAL.sub("", name).rstrip(" ,")
        if not shorter or shorter == name:
            return name
        name = shorter


@dataclass(frozen=True)
class Facts:
    """`lead` holds the texts of a lead by field or column key (all that are not empty), `sender` who signs, if anybody."""

    lead: Mapping[str, str]
    brief: Brief = field(default_factory=Brief)
    sender_name: str = ""
    sender_title: str = ""
    extra: str = ""
    """What a person told the model in an instruction: theirs to answer for, so no invention."""

    @property
    def first_name(self) -> str:
        return self.lead.get("first_name", "").strip()

    @cached_property
    def greeting_names(self) -> frozenset[str]:
        """The names by which the person may be greeted, folded."""
        names = {self.first_name, *(self.lead.get(key, "").strip() for key in NICKNAME_KEYS)}
        return frozenset(folded(name) for name in names if name)

    @cached_property
    def company_names(self) -> tuple[str, ...]:
        """The names by which the company may be called, folded, longest first."""
        company = self.lead.get("company", "").strip()
        names = {
            company,
            without_legal_form(company),
            *(self.lead.get(key, "").strip() for key in COMPANY_NICKNAME_KEYS),
        }
        return tuple(sorted({folded(name) for name in names if name}, key=len, reverse=True))

    @cached_property
    def text(self) -> str:
        """All that is known, in one text, folded."""
        return f"{folded(self._own_text)}\n{_known_from(self.brief).text}"

    @cached_property
    def words(self) -> frozenset[str]:
        return _words_in(folded(self._own_text)) | _known_from(self.brief).words

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Plain numbers, and those with their unit: `18%` is known where the brief says so, not where it says 18."""
        return _numbers_in(folded(self._own_text)) | _known_from(self.brief).numbers

    @cached_property
    def trusted_links(self) -> frozenset[str]:
        """Links and hosts that may stand in a text: those of the brief, the website, the profile, the instruction."""
        own = "\n".join((self.extra, *(self.lead.get(name, "") for name in TRUSTED_LINK_FIELDS)))
        return _links_and_hosts(own) | _known_from(self.brief).links

    @property
    def _own_text(self) -> str:
        """What is known beside the brief."""
        return "\n".join((*self.lead.values(), self.sender_name, self.sender_title, self.extra))

    @cached_property
    def cell_links(self) -> frozenset[str]:
        """Links that only some other cell of the list holds: true of the list, but anybody may have written them there."""
        found = links_in("\n".join(self.lead.values()))
        return frozenset(plain_link(link) for link in found) - self.trusted_links


@dataclass(frozen=True)
class _Known:
    """What a brief says, in the forms in which the checks ask for it."""

    text: str
    words: frozenset[str]
    numbers: frozenset[str]
    links: frozenset[str]


# A thousand leads of a run share one brief, and reading it took a tenth of the time of their checks.
@lru_cache(maxsize=32)
def _known_from(brief: Brief) -> _Known:
    said = "\n".join((brief.company, brief.product, *brief.proof_points, brief.voice))
    text = folded(said)
    return _Known(text, _words_in(text), _numbers_in(text), _links_and_hosts(said))


def _words_in(text: str) -> frozenset[str]:
    found = set(_WORD.findall(text))
    return frozenset(
        found | {word.removesuffix("'s") for word in found} | {w for word in found for w in word.split("'")}
    )


def _numbers_in(text: str) -> frozenset[str]:
    found = set()
    for match in _NUMBER.finditer(text):
        plain = plain_number(match.group(0))
        found |= {plain, plain + unit_of(text[match.end() : match.end() + 9])}
    return frozenset(found)


def _links_and_hosts(text: str) -> frozenset[str]:
    found = links_in(text)
    return frozenset({plain_link(link) for link in found} | {host_of(link) for link in found} - {""})


def links_in(text: str) -> list[str]:
    return [match.group(0).rstrip(".,;:!?") for match in _LINK.finditer(text)]


def plain_link(link: str) -> str:
    """Without scheme, `www.` and a closing slash, lower-cased: what two spellings of a link share."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", link.casefold()).rstrip("/")


def unit_of(following: str) -> str:
    """`%` or `x` when that is what comes right after a number, else ""."""
    if re.match(r"\s?(?:%|per ?cent\b)", following):
        return "%"
    return "x" if re.match(r"[xX×](?!\w)", following) else ""


def plain_number(number: str) -> str:
    """`1,200` and `1.200` and `1200` are the same; `2.5` stays."""
    return re.sub(r"[.,](?=\d{3}(?!\d))", "", number)
