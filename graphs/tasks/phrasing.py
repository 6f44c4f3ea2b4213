"""How a fact reads: one short sentence in plain words, in the third person where that is easy."""

import re
from collections.abc import Mapping

from graphs.tasks.speech import Clause, Utterance
from graphs.wording import clause as shortened
from graphs.wording import readable
from memory.models.facts import FactKind
from memory.models.ids import PersonId

LIMIT = 200
_SAYS_ENOUGH = 4
"""Words from which a clause says something without its message."""
_INTERJECTION = re.compile(
    r"(?:(?:ok(?:ay)?|yes|yep|yeah|sure|and|so|but|then|oh|ah|fair|fine|agreed|right)\b[\s,.:;!]+){0,3}", re.IGNORECASE
)
_I_WILL = re.compile(
    r"(?:i['\u2019]?ll|i will|i['\u2019]?m going to|i am going to|i['\u2019]?m gonna|will)\s+", re.IGNORECASE
)
_CAN_YOU = re.compile(
    r"(?:[^?]{0,60}?[,:]\s*)?(?:@?[\w.'-]+(?: [\w.'-]+)?[\s,:]+)?(?:can|could|would|will) "
    r"(?:you|someone|anyone|somebody|anybody)(?: please| pls| maybe| kindly)?\s+(?P<deed>.+?)(?:\s+please)?\s*\?*$",
    re.IGNORECASE,
)
_PLEASE = re.compile(
    r"(?:@?[\w.'-]+(?: [\w.'-]+)?[\s,:]+)?(?:please|pls)[\s,]+(?P<deed>(?!no\b|don)\w.+?)[.!]*$", re.IGNORECASE
)
_POINTS_BACK = re.compile(r"\b(?:it|its|that|this|them|those|these|one|look|so)\b", re.IGNORECASE)
"""What cannot be understood without the words before."""
_MY = re.compile(r"\bmy\b", re.IGNORECASE)


def statement(
    kind: FactKind,
    said: Utterance,
    clause: Clause,
    names: Mapping[PersonId, str],
    answers: tuple[Utterance, Clause] | None = None,
) -> str:
    """What is shown of a fact; a promise that answers a request is worded by the request."""
    own = _words(said, clause, names)
    if kind == "commitment":
        name = names.get(said.message.author_id, "") if said.message.author_id else ""
        if answers is not None:
            return _fit(_accepted(name, own, _words(*answers, names)))
        return _fit(_promised(name, own))
    if answers is not None:
        return _fit(_words(*answers, names))
    return _fit(own)


def _words(said: Utterance, clause: Clause, names: Mapping[PersonId, str]) -> str:
    start, end = (clause.start, clause.end) if len(clause.words.split()) >= _SAYS_ENOUGH else said.whole
    return readable(said.message.text[start:end], names, said.message.team_id) or "…"


def _promised(name: str, own: str) -> str:
    rest = own[_INTERJECTION.match(own).end() :] if _INTERJECTION.match(own) else own  # type: ignore[union-attr]
    if name and (will := _I_WILL.match(rest)):
        return f"{name} will {_MY.sub('their', rest[will.end() :])}"
    return f"{name}: {rest}" if name else rest


def _accepted(name: str, own: str, request: str) -> str:
    who = name or "Somebody"
    if deed := _CAN_YOU.match(request) or _PLEASE.match(request):
        return f"{who} will {deed['deed']}"
    promised = _promised(name, own)
    if len(own.split()) > _SAYS_ENOUGH and not _POINTS_BACK.search(own) and promised.startswith(f"{name} will "):
        return promised
    return f"{who} on “{shortened(request, LIMIT // 2)}”: {own}"


def _fit(text: str) -> str:
    text = text.strip(" ,;:-")
    return shortened(text[:1].upper() + text[1:], LIMIT)
