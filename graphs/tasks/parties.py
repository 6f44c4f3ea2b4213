"""Parties: who owes, asks or decides what a question asks of, and to whom it goes, by the words of the question."""

import re
from typing import Literal

from graphs.tasks import forms

_ME = re.compile(r"\b(i|me|my|mine|myself|i'm|i’m|i've|i’ve)\b", re.IGNORECASE)
_TELL_ME = re.compile(r"\b(?:tell|show|give|send|remind|let) me\b", re.IGNORECASE)
_KIND = rf"(?:{forms.KIND}|tasks?|decisions?|deadlines?)"
_OPEN = r"(?:(?:own|open|still open|outstanding|overdue|unanswered|latest|last|recent) )*"
_MINE = re.compile(rf"\bmy {_OPEN}{_KIND}\b(?! (?:of|by|from)\b)", re.IGNORECASE)
_BY = re.compile(
    rf"\b{_KIND} (?:do|have|did) (?:i|we)\b"
    r"|(?<!were )\b(?:i|we)\s+(?:owe|promised?|committed?|ask(?:ed)?)"
    r"|\b(?:owed|promised|decided|asked) by\b|\bdo i owe\b",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\b(?:owes?|owed|promised?|ask|asked|waiting (?:for|on)|owing)\s+(?:to\s+)?(?:me|us)\b"
    rf"|\b{_KIND} (?:(?:that|which|is|are|was|were|still|open|made|put) ){{0,4}}(?:to|for) (?:me|us)\b"
    rf"|\b{_KIND} (?:that )?[^?.!]{{1,40}} (?:made|gave|has made|has given)(?: to)? (?:me|us)\b"
    r"|\bwere we (?:promised|asked|owed)\b|\bwas i (?:promised|asked|owed)\b",
    re.IGNORECASE,
)
_NAME = r"(<@\w+(?:\|[^>]*)?>|[^\W_]+(?:[ .'’-](?!(?:and|or|to|for|about|has|made|gave)\b)[^\W_]+)?)"
_CALLED = rf"(?!(?:about|by|of|for|in|on|to|what|if|why|how|that|the|me|us|ask)\b){_NAME}"
_WHOSE = re.compile(
    rf"\b(?:did|does|do|has|have|had)\s+{_NAME}\s+(?:also |ever |still )?"
    r"(?:promise|owe|commit|decide|agree|ask)(?:d|s|ed)?\b"
    rf"|(?<!and )(?<!or )\b(?!(?:and|or)\b){_NAME}['’]s {_OPEN}{_KIND}\b"
    rf"|\b{_KIND} (?:of|by|from) {_CALLED}(?! (?:and|or)\b)"
    rf"|\b{_KIND} (?:that )?{_CALLED} (?:has )?(?:made|gave|given)\b"
    rf"|\b(?:need|want) (?:from|of) {_CALLED}",
    re.IGNORECASE,
)
_WHOM = re.compile(
    rf"\bwho (?:else )?(?:still )?(?:owes?|promised|asked)\s+{_CALLED}"
    rf"|\b(?:was|were|been|is|are) (?:owed|promised|asked)(?: to| of)?\s+{_CALLED}"
    rf"|\b(?:is|are|was|were)\s+{_CALLED}\s+(?:still )?(?:owed|promised|asked)\b"
    rf"|\b(?:do|did|have) we (?:still |ever )?(?:owe|promised?|ask(?:ed)?)\s+{_CALLED}"
    rf"|\b{_KIND} (?:(?:that|which|is|are|was|were|still|open|made|put) ){{0,4}}(?:to|for) {_CALLED}",
    re.IGNORECASE,
)


_ANSWERS_ME = re.compile(
    r"\b(?:did|has|have|does|is)\b[^.?!]{0,60}\b(?:answer|repl|respond)(?:y|s|ed|ied|ies|ing)?\b[^.?!]{0,20}"
    r"\bmy (?:\w+ )?questions?\b",
    re.IGNORECASE,
)


def speaks_of_me(text: str) -> bool:
    """Whether whoever asks is one of those it is about: not so by “tell me”."""
    return _ME.search(_TELL_ME.sub(" ", text)) is not None


def answers_me(text: str) -> bool:
    """Whether it is asked if somebody answered what the asker asked: of whomever they asked it."""
    return _ANSWERS_ME.search(text) is not None


def doer(text: str) -> str:
    """The word or two that say who promised, asked or decided what is asked of; none where it does not ask so."""
    found = _WHOSE.search(text)
    return next(filter(None, found.groups()), "") if found else ""


def whom(text: str) -> str:
    """The word or two that say to whom it goes, of whoever it comes, as in “what do we owe Ben?”; none else."""
    found = _WHOM.search(text)
    return next(filter(None, found.groups()), "") if found else ""


def direction(text: str, *, goes_to_somebody: bool) -> Literal["by", "to"] | None:
    """Whether the people meant are those who do it, or those to whom it goes."""
    if _MINE.search(text):
        return "by"
    if goes_to_somebody or _TO.search(text):
        return "to"
    return "by" if _BY.search(text) else None
