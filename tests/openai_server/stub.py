"""What the server's model says: scripted by task, else whatever the schema allows; obedient on command.

A task is told by the name of the schema. Pieces of work stand between <data> and </data>, one a line.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Payload = dict[str, Any]
Script = Callable[[Payload], object]
"""From a request to the object that the reply consists of."""

_DATA = re.compile(r"<data>\n(.*?)\n?</data>", re.DOTALL)
_REFERENCE = re.compile(r"[a-z]\d{1,3}")
_DEMAND = re.compile(
    r"(?:ignore|disregard|forget|system:|assistant:|instructions?|you (?:must|are)|reply with|write|say|post|send|"
    r"tell|click|visit|open|call|cite|include|list)\b.*",
    re.IGNORECASE | re.DOTALL,
)


def task_of(body: Payload) -> str:
    return str(((body.get("response_format") or {}).get("json_schema") or {}).get("name", ""))


def schema_of(body: Payload) -> Payload:
    found: Payload = body["response_format"]["json_schema"]["schema"]
    return found


def prompt_of(body: Payload) -> str:
    """Everything that was sent, as text."""
    return "\n".join(str(message["content"]) for message in body["messages"])


def pieces_of(body: Payload) -> list[Payload]:
    """The pieces of work that a prompt holds, each `{"piece": name, "is": data}`."""
    data = _DATA.search(prompt_of(body))
    return [json.loads(line) for line in data[1].splitlines()] if data else []


def anything(body: Payload) -> object:
    """The plainest reply that the schema allows, with an answer for each piece."""
    schema = schema_of(body)
    answers = schema.get("properties", {}).get("answers")
    if not answers:
        return _plainest(schema, schema)
    one = _resolved(answers["items"], schema)
    return {"answers": [{**_plainest(one, schema), "piece": each["piece"]} for each in pieces_of(body)]}


def each_piece(answer: Callable[[Any], object]) -> Script:
    """A script that answers every piece by itself, from its data."""
    return lambda body: {
        "answers": [{"piece": each["piece"], "answer": answer(each["is"])} for each in pieces_of(body)]
    }


def _plainest(schema: Payload, root: Payload) -> Any:
    schema = _resolved(schema, root)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema:
        return _plainest(schema["anyOf"][0], root)
    if schema.get("type") == "object":
        return {name: _plainest(each, root) for name, each in schema["properties"].items()}
    return {"array": [], "string": "x", "integer": 0, "number": 0.0, "boolean": False, "null": None}[schema["type"]]


def _resolved(schema: Payload, root: Payload) -> Payload:
    if "$ref" not in schema:
        return schema
    found: Payload = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    return found


def changed(value: object, schema: Payload, change: Callable[[str], str], root: Payload | None = None) -> Any:
    """The value with every text in it changed that the schema leaves free; references stay."""
    root = root or schema
    schema = _resolved(schema, root)
    if isinstance(value, Mapping):
        return {name: changed(each, schema["properties"][name], change, root) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [changed(each, schema["items"], change, root) for each in value]
    free = isinstance(value, str) and "enum" not in schema and not _REFERENCE.fullmatch(value)
    return change(str(value)) if free else value


def misdirected(value: object) -> Any:
    """The value with every reference pointing to nothing that was given."""
    if isinstance(value, Mapping):
        return {name: misdirected(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [misdirected(each) for each in value]
    return f"{value[0]}99{value[1:]}" if isinstance(value, str) and _REFERENCE.fullmatch(value) else value


def demands(body: Payload) -> list[str]:
    """What texts in the data demand of whoever reads them."""
    return [found[0] for text in _texts([each["is"] for each in pieces_of(body)]) if (found := _DEMAND.search(text))]


def obeyed(value: object, body: Payload) -> Any:
    """The value as a model gives it that does what any text demands: the demanded words everywhere, verbatim."""
    wanted = demands(body)
    return changed(value, schema_of(body), lambda said: wanted[len(said) % len(wanted)]) if wanted else value


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(each)
