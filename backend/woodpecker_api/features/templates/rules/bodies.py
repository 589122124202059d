"""A template's content as a request brings it. Other rooms take it as it is (a run with changes for this session only)."""

from pydantic import BaseModel, ConfigDict, Field

from woodpecker_api.features.templates.rules.content import Brief, Content, SnippetKind, SnippetShape, Unit

Text = Field(max_length=50_000)


class BriefBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    company: str = Field("", max_length=500)
    product: str = Field("", max_length=5_000)
    proof_points: list[str] = Field([], max_length=50)
    voice: str = Field("", max_length=5_000)
    forbidden_words: list[str] = Field([], max_length=500)


class SnippetShapeBody(BaseModel):
    """`target_min` to `target_max` is the aim, `limit` is not passed; all count `unit`."""

    model_config = ConfigDict(extra="forbid")

    number: int
    kind: SnippetKind
    day: int
    instruction: str
    unit: Unit
    target_min: int
    target_max: int
    limit: int
    formatting: str = "plain"


class ContentBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    system_text: str = Text
    brief: BriefBody
    person_text: str = Text
    shape: list[SnippetShapeBody] = Field(max_length=50)

    def as_content(self) -> Content:
        shape = sorted((SnippetShape(**snippet.model_dump()) for snippet in self.shape), key=lambda s: s.number)
        brief = Brief.from_json(self.brief.model_dump())
        return Content(self.system_text.strip(), brief, self.person_text.strip(), tuple(shape))
