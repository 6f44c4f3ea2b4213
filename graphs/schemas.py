"""A model class as the strict JSON schema that endpoints hold their replies to."""

from typing import Any

from pydantic import BaseModel

_NOISE = frozenset({"title", "discriminator"})
_ALLOWED = frozenset(
    "type properties required additionalProperties items enum const anyOf $ref $defs description".split()
)


class NotStrict(TypeError):
    """The class has something that strict schemas cannot say: a default, an open mapping, a bound."""


def strict_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema, in which every property is required and no other is allowed. Raises NotStrict."""
    found: dict[str, Any] = _strict(model.model_json_schema(), model.__name__)
    return found


def _strict(schema: Any, path: str) -> Any:
    if isinstance(schema, list):
        return [_strict(each, path) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: value for name, value in schema.items() if name not in _NOISE}
    if strange := kept.keys() - _ALLOWED:
        raise NotStrict(f"{path} has {', '.join(sorted(strange))}: strict schemas have no such thing.")
    if kept.get("type") == "object":
        if "properties" not in kept:
            raise NotStrict(f"{path} is an open mapping: name its fields.")
        kept["additionalProperties"] = False
        kept["required"] = list(kept["properties"])
    for name in ("properties", "$defs"):
        if name in kept:
            kept[name] = {key: _strict(value, f"{path}.{key}") for key, value in kept[name].items()}
    for name in ("items", "anyOf"):
        if name in kept:
            kept[name] = _strict(kept[name], f"{path}[]")
    return kept
