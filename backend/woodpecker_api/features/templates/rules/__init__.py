"""What a template is made of, which one ships, and what makes one unusable."""

from woodpecker_api.features.templates.rules.content import (
    Brief,
    Content,
    SnippetKind,
    SnippetShape,
    Unit,
    content_from_json,
    shape_from_json,
)
from woodpecker_api.features.templates.rules.default import DEFAULT_CONTENT, DEFAULT_NAME, SAMPLE_BRIEF
from woodpecker_api.features.templates.rules.problems import ERROR, Problem, problems_of
from woodpecker_api.features.templates.rules.variables import STANDARD_VARIABLES, referenced, sent_fields, variables_in

__all__ = [
    "DEFAULT_CONTENT",
    "DEFAULT_NAME",
    "ERROR",
    "SAMPLE_BRIEF",
    "STANDARD_VARIABLES",
    "Brief",
    "Content",
    "Problem",
    "SnippetKind",
    "SnippetShape",
    "Unit",
    "content_from_json",
    "problems_of",
    "referenced",
    "sent_fields",
    "shape_from_json",
    "variables_in",
]
