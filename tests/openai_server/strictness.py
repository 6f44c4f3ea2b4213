"""What is wrong with a request, by OpenAI's own description of it and by the rules for strict schemas.

The description does not hold those rules, and other servers for tests do not check them.
"""

import json
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
KEYWORDS = frozenset(
    "type properties required additionalProperties items enum const anyOf $ref $defs description title".split()
)
DEEPEST, MOST_PROPERTIES = 5, 100


def faults(body: object, path: str) -> list[str]:
    """Everything that OpenAI would refuse in the body of a request to `path`."""
    if not isinstance(body, Mapping):
        return ["the body is no object"]
    found = [f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in _described(path, body)]
    shape = body.get("response_format")
    if isinstance(shape, Mapping) and shape.get("type") == "json_schema":
        found += _of_format(shape.get("json_schema"))
    return found


def described() -> bool:
    """Whether OpenAI's description is at hand: beside the benchmarks, and never in the repository."""
    return _description() is not None


def strict_faults(schema: object, path: str = "$", depth: int = 0) -> Iterator[str]:
    """Where a schema breaks a rule for strict ones."""
    if not isinstance(schema, Mapping):
        yield f"{path}: is no object"
        return
    if unknown := schema.keys() - KEYWORDS:
        yield f"{path}: {', '.join(sorted(unknown))} not in the strict subset"
    kinds = schema.get("type")
    if kinds is not None and not {kinds} <= TYPES if isinstance(kinds, str) else not set(kinds or ()) <= TYPES:
        yield f"{path}: type {kinds}"
    if kinds == "object" or "properties" in schema:
        yield from _of_object(schema, path, depth)
    if kinds == "array" and "items" not in schema:
        yield f"{path}: items missing"
    if not {"type", "anyOf", "$ref", "enum", "const"} & schema.keys():
        yield f"{path}: anything goes"
    if path == "$" and (kinds != "object" or "anyOf" in schema):
        yield "$: must be an object"
    for name, each in {**schema.get("properties", {}), **schema.get("$defs", {})}.items():
        yield from strict_faults(each, f"{path}.{name}", depth + 1)
    for each in [*([schema["items"]] if "items" in schema else []), *schema.get("anyOf", [])]:
        yield from strict_faults(each, f"{path}[]", depth)


def _of_object(schema: Mapping[str, Any], path: str, depth: int) -> Iterator[str]:
    properties = schema.get("properties")
    if not properties:
        yield f"{path}: an object without properties"
        return
    if schema.get("additionalProperties") is not False:
        yield f"{path}: additionalProperties must be false"
    if set(schema.get("required", [])) != set(properties):
        yield f"{path}: every property must be required"
    if depth > DEEPEST or len(properties) > MOST_PROPERTIES:
        yield f"{path}: too deep or too wide"


def _of_format(told: object) -> Iterator[str]:
    if not isinstance(told, Mapping):
        yield "json_schema missing"
        return
    if told.get("strict") is not True:
        yield "strict must be true"
    name = str(told.get("name", ""))
    if not name or len(name) > 64 or not all(sign.isalnum() or sign in "_-" for sign in name):
        yield "the schema's name"
    yield from strict_faults(told.get("schema"))


@cache
def _description() -> dict[str, Any] | None:
    folder = os.environ.get("DAYBOOK_BENCHMARKS")
    path = Path(folder).parent / "specs" / "openai.json" if folder else None
    if path is None or not path.is_file():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator | None:
    description = _description()
    if description is None:
        return None
    schema = {"$ref": f"#/components/schemas/{name}", "components": description["components"]}
    return jsonschema.Draft202012Validator(schema)


_REQUESTS = {"chat/completions": "CreateChatCompletionRequest", "embeddings": "CreateEmbeddingRequest"}
_REPLIES = {"chat/completions": "CreateChatCompletionResponse", "embeddings": "CreateEmbeddingResponse"}


def _described(path: str, body: object) -> Iterator[jsonschema.ValidationError]:
    validator = _validator(_REQUESTS[path])
    yield from validator.iter_errors(body) if validator else ()


def reply_faults(body: object, path: str) -> list[str]:
    """What is wrong with a well-behaved reply of ours; nothing where the description is not at hand."""
    validator = _validator(_REPLIES[path])
    return [error.message[:200] for error in validator.iter_errors(body)] if validator else []
