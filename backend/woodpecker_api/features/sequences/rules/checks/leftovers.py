"""What a prospect must never see: placeholders, braces that break the mail, markup, the machine speaking of itself."""

import re
from collections.abc import Iterator

from woodpecker_api.features.sequences.rules.checks.text import Text
from woodpecker_api.features.sequences.rules.facts import folded
from woodpecker_api.features.sequences.rules.flags import Flag, Severity

_BRACES = re.compile(r"\{\{[^{}]*\}\}|\{\{|\}\}|\|")
# Here and in _ITSELF the beginnings of all branches stand in front of them: most places in a text are passed at one glance.
_PLACEHOLDER = re.compile(
    r"(?=[\[{%$_])(?:"
    r"\[[^\]\n]{0,80}\]"  # [First Name]
    r"|(?<!\{)\{[^{}\n]{0,80}\}(?!\})"  # {name}
    r"|%[A-Za-z_]{3,40}%|\$\{?[A-Za-z_]{3,40}\}?"  # %NAME%, $name
    r"|_{3,})"
    r"|\b(?=[ilntuxy])(?:(?<!/)n/a(?!\w)|T\.?B\.?[DCA]\b|X{2,}\b|Y{3,}\b"
    r"|lorem ipsum\b|undefined\b|NaN\b|None\b(?=[,.!?]|$)|null\b"
    r"|(?:your|their|the) (?:company|first|last|prospect) name\b|insert (?:\w+ ){0,3}here\b"
    r"|your (?:organization|organisation)(?= name))",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"(?<![\w/@.:-])[A-Za-z]{2,}(?:_[A-Za-z0-9]+)+(?![\w@/])")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>\n]*)?/?>|<!--|&(?:[a-z]{2,8}|#x?[0-9a-f]{1,6});", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"\[[^\]\n]+\]\([^)\n]+\)|\*\*[^*\n]+\*\*|(?<!\w)__[^_\n]+__(?!\w)|`[^`\n]*`|^#{1,6} |^```", re.MULTILINE
)
_SIMPLE_MARKUP = re.compile(r"\[[^\]\n]+\]\([^)\n]+\)|`[^`\n]*`|^#{1,6} |^```", re.MULTILINE)
_ITSELF = re.compile(
    r"\b(?=[ahilps])(?:as an? (?:ai|artificial|language|large language)\b|(?:ai|language) model\b"
    r"|I(?:'m| am) (?:an ai|claude|unable to)\b"
    r"|I (?:cannot|can't|can not|won't) (?:help|write|comply|fulfil|fulfill|assist|generate|create|provide)\b"
    r"|here(?:'s| is| are) (?:the|your|a|an) "
    r"(?:draft|revised|rewritten|personali[sz]ed|requested|subject line|email sequence|e-mail sequence|linkedin note)\b"
    r"|system prompt\b|lead[ _]data\b|snippet[ _]?\d\b|previous instructions\b|as (?:per your|you) instruct)"
    r"|^\s*(?:sure|certainly|of course|absolutely)[,!.]? (?:here|i)\b|</?brief>",
    re.IGNORECASE | re.MULTILINE,
)
# What stands, written small, in every text in which the pattern finds something.
_BRACE_SIGNS = ("{{", "}}", "|")
_GAP_SIGNS = tuple("[{%$_")
_GAPS = "n/a|tbd|tba|tbc|t.b|tb.|xx|yyy|lorem|undefined|nan|none|null| name|insert "
_GAP_WORDS = tuple(_GAPS.split("|"))
_TAG_SIGNS, _MARKDOWN_SIGNS = ("<", "&"), tuple("[*_`#")
_SPEAKS = (
    " ai|ai |artificial|language|claude|unable|cannot|can't|can not|won't|draft|revised|rewritten|personali|requested|subject line|"
    "mail sequence|linkedin note|system prompt|lead data|lead_data|snippet|instruct|sure|certainly|of course|absolutely|brief>"
)
_SPEAKS_WORDS = tuple(_SPEAKS.split("|"))


def braces(text: Text) -> Iterator[Flag]:
    for found in _BRACES.finditer(text.words) if text.holds_any(_BRACE_SIGNS) else ():
        sentence = "“{}” breaks the mail in Woodpecker. Remove it."
        yield text.flag("forbidden_characters", Severity.BLOCKING, sentence, *found.span())


def placeholders(text: Text) -> Iterator[Flag]:
    sentence = "“{}” looks like a gap that nobody filled. Write what belongs there, or leave it out."
    for found in _PLACEHOLDER.finditer(text.words) if text.holds_any(_GAP_SIGNS + _GAP_WORDS) else ():
        yield text.flag("placeholder", Severity.BLOCKING, sentence, *found.span())
    if "_" not in text.words:
        return
    for found in _IDENTIFIER.finditer(text.words):
        if folded(found.group(0)) not in text.facts.text:
            yield text.flag("placeholder", Severity.BLOCKING, sentence, *found.span())


def markup(text: Text) -> Iterator[Flag]:
    """Angle brackets alone are text: `5 < 6 and 7 > 3` stays."""
    for found in _TAG.finditer(text.words) if text.holds_any(_TAG_SIGNS) else ():
        yield text.flag("markup", Severity.BLOCKING, "“{}” is markup; people would see it as it stands.", *found.span())
    pattern = _SIMPLE_MARKUP if text.shape.formatting == "simple" else _MARKDOWN
    for found in pattern.finditer(text.words) if text.holds_any(_MARKDOWN_SIGNS) else ():
        sentence = "“{}” is formatting that a plain mail does not have."
        yield text.flag("markup", Severity.BLOCKING, sentence, *found.span())


def talk_of_itself(text: Text) -> Iterator[Flag]:
    if text.holds_any(_SPEAKS_WORDS) and (found := _ITSELF.search(text.words.replace("’", "'"))):
        sentence = "“{}”: the model speaks of itself or of its instructions. Regenerate this text."
        yield text.flag("speaks_of_itself", Severity.BLOCKING, sentence, *found.span())
