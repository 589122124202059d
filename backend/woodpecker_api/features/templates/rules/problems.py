"""What is wrong with a template, said before it is saved. Errors keep it from being saved, warnings do not."""

from collections.abc import Collection
from dataclasses import dataclass

from woodpecker_api.features.templates.rules.content import Content, SnippetKind, SnippetShape
from woodpecker_api.features.templates.rules.variables import STANDARD_VARIABLES, broken_variables, variables_in

ERROR = "error"
WARNING = "warning"
NOTE = "note"

SNIPPETS_OF_WOODPECKER = 15
TEXT_LIMIT = 20_000
"""Characters of each text: the earlier tool's longest prompt had 18,000."""
LAST_DAY = 365
USEFUL_VARIABLES = ("first_name", "company", "title", "industry")


@dataclass(frozen=True)
class Problem:
    """`field` is a dotted path into the content, `code` stable, `message` a sentence with a next step."""

    severity: str
    field: str
    code: str
    message: str


def problems_of(content: Content, known_columns: Collection[str] | None = None) -> list[Problem]:
    """Everything wrong, in the order of the form. `known_columns`: keys of columns that some lead has, if known."""
    return [
        *_text_problems(content),
        *_brief_problems(content),
        *_variable_problems(content, known_columns),
        *_shape_problems(content.shape),
        *(problem for snippet in content.shape for problem in _snippet_problems(snippet)),
    ]


def _text_problems(content: Content) -> list[Problem]:
    found = []
    for field, text in (("system_text", content.system_text), ("person_text", content.person_text)):
        if not text.strip():
            found.append(Problem(ERROR, field, "required", "This text is empty; write what the model should know."))
        elif len(text) > TEXT_LIMIT:
            sentence = f"This text has {len(text)} characters; {TEXT_LIMIT} are allowed. Shorten it."
            found.append(Problem(ERROR, field, "too_long", sentence))
    return found


def _brief_problems(content: Content) -> list[Problem]:
    brief = content.brief
    missing = [name for name in ("company", "product") if not getattr(brief, name).strip()]
    found = [
        Problem(
            WARNING, f"brief.{name}", "brief_incomplete", f"Fill in your {name}: without it nothing true can be said."
        )
        for name in missing
    ]
    if not brief.proof_points:
        sentence = "There are no proof points; the texts will hold no evidence, because none may be invented."
        found.append(Problem(NOTE, "brief.proof_points", "no_proof_points", sentence))
    if (
        sum(map(len, (brief.company, brief.product, brief.voice, *brief.proof_points, *brief.forbidden_words)))
        > TEXT_LIMIT
    ):
        found.append(
            Problem(ERROR, "brief", "too_long", f"The brief is longer than {TEXT_LIMIT} characters. Shorten it.")
        )
    return found


def _variable_problems(content: Content, known_columns: Collection[str] | None) -> list[Problem]:
    found = [
        Problem(ERROR, "person_text", "broken_variable", f"{broken} is no variable; write it like {{{{first_name}}}}.")
        for broken in broken_variables(content.person_text)
    ]
    if "{{" in content.system_text:
        sentence = "Variables work in the person's part only: the system text is the same for everybody."
        found.append(Problem(ERROR, "system_text", "variable_in_system_text", sentence))
    used = variables_in(content.person_text)
    for name in used:
        if name not in STANDARD_VARIABLES and name not in (known_columns or ()):
            sentence = f"{{{{{name}}}}} is no lead field; it works only for leads whose list had such a column."
            found.append(Problem(WARNING, "person_text", "unknown_variable", sentence))
    unused = [name for name in USEFUL_VARIABLES if name not in used]
    if unused:
        sentence = f"Not used, so not sent to the model: {', '.join(unused)}."
        found.append(Problem(NOTE, "person_text", "unused_variables", sentence))
    return found


def _shape_problems(shape: tuple[SnippetShape, ...]) -> list[Problem]:
    if not shape:
        return [Problem(ERROR, "shape", "missing_snippet", "The sequence has no snippet; add at least one.")]
    found = []
    numbers = [snippet.number for snippet in shape]
    if len(shape) > SNIPPETS_OF_WOODPECKER:
        sentence = f"Woodpecker has {SNIPPETS_OF_WOODPECKER} snippets a person; remove some."
        found.append(Problem(ERROR, "shape", "too_many_snippets", sentence))
    if sorted(numbers) != list(range(1, len(shape) + 1)):
        sentence = f"The numbers must run from 1 to {len(shape)} without a gap; they are {sorted(numbers)}."
        found.append(Problem(ERROR, "shape", "missing_snippet", sentence))
    days = [snippet.day for snippet in sorted(shape, key=lambda snippet: snippet.number)]
    if days != sorted(days):
        sentence = "A later snippet has an earlier day; put the days in order."
        found.append(Problem(ERROR, "shape", "days_out_of_order", sentence))
    if not any(snippet.kind is SnippetKind.SUBJECT for snippet in shape):
        sentence = "There is no subject; the campaign in Woodpecker must bring its own."
        found.append(Problem(WARNING, "shape", "no_subject", sentence))
    return found


def _snippet_problems(snippet: SnippetShape) -> list[Problem]:
    field = f"shape.{snippet.number}"
    found = []
    if not snippet.instruction.strip():
        found.append(Problem(ERROR, f"{field}.instruction", "required", "Say what this snippet is for."))
    elif len(snippet.instruction) > TEXT_LIMIT:
        found.append(Problem(ERROR, f"{field}.instruction", "too_long", "This instruction is too long; shorten it."))
    if "{{" in snippet.instruction:
        sentence = "Variables work in the person's part only."
        found.append(Problem(ERROR, f"{field}.instruction", "variable_in_instruction", sentence))
    if not 1 <= snippet.day <= LAST_DAY:
        found.append(Problem(ERROR, f"{field}.day", "out_of_range", f"A day from 1 to {LAST_DAY}, please."))
    if not 0 < snippet.target_min <= snippet.target_max <= snippet.limit:
        sentence = "The target must go from a smaller to a larger number, and the limit must not be below it."
        found.append(Problem(ERROR, f"{field}.limit", "limits_out_of_order", sentence))
    if snippet.formatting not in ("plain", "simple"):
        found.append(Problem(ERROR, f"{field}.formatting", "unknown_formatting", "Choose plain or simple."))
    return found
