"""A full name taken apart, for lists that have no columns for first and last name."""

import re
from typing import NamedTuple


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\"[^\"]*\"|“[^“”]*”")
_PREFIXES = _words(
    "mr mrs ms miss mx dr prof professor sir dame rev hon herr frau hr fr mme mlle m sr sra srta don dona ing dipl "
    "dipling mag dott dottssa phd"
)
# What may stand behind a comma or at the end without being a name.
_DEGREES = _words(
    "ba bs bsc beng bba ma ms msc meng mba emba mph mpa med edd phd dphil md do dds dvm jd llb llm llmm esq cpa cfa cfp "
    "ca acca cma cia cisa cism cissp pmp csm cspo phr sphr gphr shrm shrmcp shrmscp cptd aptd cplp ccp cebs acc pcc mcc "
    "rn np pa pe ra aia leed fca frm caia clu chfc cipd mcipd fcipd fcmi mcmi ret she her hers he him his they them"
)
_FAMILY_SUFFIXES = _words("jr sr ii iii iv v")
# Dotted or spelled in capitals only: "MA" is a degree, "Ma" is a family name.
_CAPITALS_ONLY = _words("ba bs ma ms do md pa pe ra ca med ret acc np rn he she her him his they them")


class SplitName(NamedTuple):
    """`changed_case`: the name was written in one case throughout and got capitals."""

    first: str
    last: str
    changed_case: bool


def split_name(full: str) -> SplitName:
    """`Kim Lee, MBA` → Kim, Lee. `Lee, Kim` → Kim, Lee. Degrees, brackets, nicknames and salutations are left out.

    The first word is the first name, the rest the last name: a guess only where a name has three words or more.
    """
    text = " ".join(_without_brackets(full).split())
    head, *tails = [part.strip() for part in text.split(",")]
    tails = [tail for tail in tails if tail and not _all_degrees(tail)]
    words = _without_salutation(head.split())
    suffixes = [tail for tail in tails if _plain(tail) in _FAMILY_SUFFIXES]
    given = [tail for tail in tails if tail not in suffixes]
    words = _without_degrees(words)
    if given and words:  # "Lee, Kim": family name first
        first_words = _without_degrees(_without_salutation(given[0].split()))
        first, last_words = " ".join(first_words[:1]), [*words, *suffixes]
    else:
        first, last_words = " ".join(words[:1]), [*words[1:], *suffixes]
    last = " ".join(last_words)
    whole = first + last
    if whole and (whole.islower() or (whole.isupper() and len(whole) > 3)):
        return SplitName(_capitals(first), _capitals(last), changed_case=True)
    return SplitName(first, last, changed_case=False)


def _without_brackets(text: str) -> str:
    shorter = _BRACKETS.sub(" ", text)
    while shorter != text:
        text, shorter = shorter, _BRACKETS.sub(" ", shorter)
    return text.split("(")[0]  # a bracket that is never closed


def _without_salutation(words: list[str]) -> list[str]:
    while len(words) > 1 and _plain(words[0]) in _PREFIXES and (words[0].endswith(".") or len(words) > 2):
        words = words[1:]
    return words


def _without_degrees(words: list[str]) -> list[str]:
    while len(words) > 2 and _is_degree(words[-1]):
        words = words[:-1]
    return words


def _all_degrees(text: str) -> bool:
    return all(_is_degree(word) for word in re.split(r"[\s/&]+", text) if word)


def _is_degree(word: str) -> bool:
    plain = _plain(word)
    if plain not in _DEGREES:
        return False
    return plain not in _CAPITALS_ONLY or word.isupper() or "." in word or "/" in word


def _plain(word: str) -> str:
    return re.sub(r"[^a-z]", "", word.lower())


_WORD = re.compile(r"[^\W\d_]+")
_MC = re.compile(r"\bMc([a-z])(?=[a-z]{2})")


def _capitals(text: str) -> str:
    """`o'neil-smith mcdonald` → `O'Neil-Smith McDonald`."""
    capitals = _WORD.sub(lambda word: word[0][:1].upper() + word[0][1:].lower(), text)
    return _MC.sub(lambda found: "Mc" + found[1].upper(), capitals)
