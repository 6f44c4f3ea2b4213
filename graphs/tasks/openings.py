"""How likely it is, by its wording alone, that a message opens a conversation.

A logistic model over words, pairs of words and first words; bot/training/openings.py trains it.
"""

import re
from collections.abc import Iterator, Mapping

_LINK = re.compile(r"<https?:[^<>]{1,500}>|https?://\S{1,500}")
_CALL = re.compile(r"<@[^<>]{1,80}>|\A\s*@?[^\s:,<>`]{2,24}[:,](?=\s)")
_NUMBER = re.compile(r"\d+")
_TOKEN = re.compile(r"<[!#]|:[a-z0-9_+\-]{2,40}:|`+|\w+['’]\w+|\w+|[^\w\s]")
MOST = 400
"""Characters of a message that are looked at."""


def grams(text: str) -> Iterator[str]:
    """What is counted in a message, each once."""
    plain = _CALL.sub(" atsomebody ", _LINK.sub(" alink ", text[:MOST]))
    tokens = _TOKEN.findall(_NUMBER.sub("0", plain.lower().replace("’", "'")))
    found = {f"^{place} {token}" for place, token in enumerate(tokens[:3])}
    found.update(tokens)
    found.update(f"{one} {two}" for one, two in zip(tokens, tokens[1:], strict=False))
    if tokens:
        found.add(f"^ {' '.join(tokens[:2])}")
        found.add(f"^ {' '.join(tokens[:3])}")
        found.add(f"{tokens[-1]} $")
    found.add(f"# {min(len(tokens), 40) // 4}")
    if text[:1].isupper():
        found.add("^A")
    return iter(sorted(found))


def opens(text: str, weights: Mapping[str, float]) -> float:
    """The log-odds that a message worded like this opens a conversation."""
    return weights.get("", 0.0) + sum([weights.get(gram, 0.0) for gram in grams(text)])
