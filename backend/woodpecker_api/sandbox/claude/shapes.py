"""A value for any JSON schema of the subset that structured outputs take."""

from collections.abc import Callable, Mapping
from typing import Any

DEEPEST = 12
Texts = Callable[[Mapping[str, str]], Mapping[str, str]]


def value_for(schema: Mapping[str, Any], texts: Texts) -> Any:
    """`texts` is asked once for each object: name → description of its text properties gives their texts."""
    return _value(schema, schema, texts, 0)


def _value(schema: Any, root: Mapping[str, Any], texts: Texts, depth: int) -> Any:
    schema = _resolved(schema, root)
    fixed = [schema["const"]] if "const" in schema else schema.get("enum")
    if fixed:
        return fixed[0]
    choices = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if choices and depth < DEEPEST:
        return _value(choices[0], root, texts, depth + 1)
    if schema.get("type") == "object" and depth < DEEPEST:
        return _object(schema, root, texts, depth)
    if schema.get("type") == "array" and depth < DEEPEST:
        return [_value(schema["items"], root, texts, depth + 1)] if schema.get("items") else []
    if schema.get("type") == "string":
        return texts({"text": str(schema.get("description", ""))})["text"]
    return {"integer": 1, "number": 1.0, "boolean": True}.get(str(schema.get("type")))


def _object(schema: Mapping[str, Any], root: Mapping[str, Any], texts: Texts, depth: int) -> dict[str, Any]:
    properties: Mapping[str, Any] = schema.get("properties", {})
    told = {name: str(part.get("description", "")) for name, part in properties.items() if _is_free_text(part)}
    written = texts(told) if told else {}
    return {
        name: written[name] if name in written else _value(part, root, texts, depth + 1)
        for name, part in properties.items()
    }


def _is_free_text(part: Any) -> bool:
    return isinstance(part, Mapping) and part.get("type") == "string" and "enum" not in part and "const" not in part


def _resolved(schema: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema a local reference points to; one step, as in `#/$defs/Name`."""
    if not isinstance(schema, Mapping):
        return {}
    reference = str(schema.get("$ref", ""))
    if not reference.startswith("#/$defs/"):
        return schema
    found = root.get("$defs", {}).get(reference.removeprefix("#/$defs/"), {})
    return found if isinstance(found, Mapping) else {}
