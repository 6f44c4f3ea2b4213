"""What a question calls by its kind and a message by its name: pets are dogs and cats, and "bought" is "purchased".

A list made by hand (weights/kinds.json, docs/models/retrieve.md): everyday life and the work of a team of engineers.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from graphs.tasks.stems import telling


def named_by(stem: str) -> tuple[str, ...]:
    """The words for things of the kind that this stem calls; none if it calls no kind."""
    return _members().get(stem, ())


def alike(stem: str) -> tuple[str, ...]:
    """Words that say about the same."""
    return _alike().get(stem, ())


def kinds_of(stem: str) -> tuple[str, ...]:
    """The names of the kinds that the stem belongs to or calls."""
    return _kinds().get(stem, ())


@cache
def _members() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for calls, members in _written()["kinds"].items():
        for call in _stems(calls.split()):
            found.setdefault(call, {}).update(dict.fromkeys(w for w in members.split() if telling(w) != call))
    return _frozen(found)


@cache
def _alike() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for line in _written()["alike"]:
        for stem in _stems(line.split()):
            found.setdefault(stem, {}).update(dict.fromkeys(w for w in line.split() if telling(w) not in {"", stem}))
    return _frozen(found)


@cache
def _kinds() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for calls, members in _written()["kinds"].items():
        for stem in _stems([*calls.split(), *members.split()]):
            found.setdefault(stem, {})[calls.split()[0]] = None
    return _frozen(found)


@cache
def _written() -> Mapping[str, Any]:
    body = files("graphs.tasks").joinpath("weights", "kinds.json").read_text("utf-8")
    return MappingProxyType(json.loads(body))


def _stems(words: Iterable[str]) -> set[str]:
    return {stem for word in words if (stem := telling(word))}


def _frozen(found: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({stem: tuple(words) for stem, words in found.items()})
