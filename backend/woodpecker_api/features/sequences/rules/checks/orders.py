"""Cells of the list that speak to the model instead of about the lead. They are fenced off; people should know all the same."""

import re
from collections.abc import Iterator

from woodpecker_api.features.sequences.rules.facts import Facts
from woodpecker_api.features.sequences.rules.flags import Flag, Severity
from woodpecker_api.kit.text import shorten

_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|skip)\b[^.\n]{0,40}\b(?:instructions?|prompts?|rules?|above|previous|prior|earlier|"
    r"guidelines|everything|brief|template|system)\b"
    r"|\b(?:system|developer|assistant|user)\s*(?:prompt|message|:\s|\])|</?\s*(?:lead_data|brief|instruction|system|assistant|user)\b"
    r"|\byou are (?:now|an? (?:ai|assistant|model|helpful))\b|\b(?:act|behave|respond|pretend) (?:as|like|to be)\b|\bjailbreak|\bDAN mode\b"
    r"|\b(?:new|updated|real|additional|important|following) (?:instructions?|task|orders?)\b|\bprompt injection\b"
    r"|\b(?:reveal|print|repeat|output|show|leak|send me)\b[^.\n]{0,40}\b(?:prompt|instructions?|api key|secrets?|password|brief)\b"
    r"|\b(?:write|say|reply|answer|respond|output|return|include|insert|add|append|mention|tell|use|put)\b[^.\n]{0,30}\b(?:only|exactly|"
    r"instead|verbatim|in every|in each|the (?:word|phrase|text|following|link)|this (?:word|phrase|text|link|url))\b"
    r"|\b(?:do not|don't|never|stop)\b[^.\n]{0,25}\b(?:write|follow|mention|obey|generat\w+|email|use the)\b"
    r"|\b(?:language model|llm|claude|chatgpt|gpt-?\d|anthropic|openai)\b[^.\n]{0,40}\b(?:must|should|please|will|write|ignore|:)"
    r"|\bend of (?:data|lead|input|prompt)|<\|[a-z_]+\|>|\[/?INST\]|^#{2,} ?(?:system|instruction|response)|\{\{|```",
    re.IGNORECASE | re.MULTILINE,
)


def orders_in(cell: str) -> str | None:
    """The words that look like an order to a model; None when there are none."""
    found = _ORDER.search(cell.replace("’", "'"))
    return shorten(" ".join(found.group(0).split()), 80) if found else None


def cells_that_give_orders(facts: Facts) -> Iterator[Flag]:
    for name, cell in facts.lead.items():
        if excerpt := orders_in(cell):
            sentence = (
                f"The lead's field “{name}” holds what looks like an order (“{excerpt}”). Read the texts with care."
            )
            yield Flag("cell_gives_orders", Severity.WARNING, sentence, excerpt=excerpt)
