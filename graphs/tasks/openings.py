"""How likely it is, by its wording alone, that a message opens a conversation.

A logistic model over words, pairs of words and first words; bot/training/openings.py trains it.
"""

import math
import re
from collections.abc import Mapping
from itertools import pairwise

_LINK = re.compile(r"<https?:[^<>]{1,500}>|https?://\S{1,500}")
_CALL = re.compile(r"<@[^<>]{1,80}>|\A\s*@?[^\s:,<>`]{2,24}[:,](?=\s)")
_NUMBER = re.compile(r"\d+")
_TOKEN = re.compile(r"<[!#]|:[a-z0-9_+\-]{2,40}:|`+|\w+['’]\w+|\w+|[^\w\s]")
MOST = 400
"""Characters of a message that are looked at."""


def grams(text: str) -> set[str]:
    """What is counted in a message."""
    plain = _CALL.sub(" atsomebody ", _LINK.sub(" alink ", text[:MOST]))
    tokens = _TOKEN.findall(_NUMBER.sub("0", plain.lower().replace("’", "'")))
    found = {*tokens, *(f"{one} {two}" for one, two in pairwise(tokens))}
    found.update(f"^{place} {token}" for place, token in enumerate(tokens[:3]))
    if tokens:
        found.update((f"^ {' '.join(tokens[:2])}", f"^ {' '.join(tokens[:3])}", f"{tokens[-1]} $"))
    found.add(f"# {min(len(tokens), 40) // 4}")
    if text[:1].isupper():
        found.add("^A")
    return found


def opens(text: str, weights: Mapping[str, float]) -> float:
    """The log-odds that a message worded like this opens a conversation."""
    return math.fsum([weights.get("", 0.0), *(weights[gram] for gram in grams(text) if gram in weights)])
