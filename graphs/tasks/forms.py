"""What a question wants besides an answer: how something came about, who knows of it, what was missed, what is open."""

import re
from typing import Literal

Form = Literal["answer", "history", "people", "catch_up", "prepare"]
"""`history`: what became of something, oldest first; `people`: whom to ask; `catch_up`: what moved since; `prepare`:
what is open with somebody."""
Here = Literal["channel", "thread"]

_FORMS: tuple[tuple[Form, re.Pattern[str]], ...] = (
    (
        "prepare",
        re.compile(
            r"\b(?:prepare|brief|prep) me\b|\b(?:before|for) (?:my|the|our) "
            r"(?:(?:next )?meeting|1:1|one[- ]on[- ]one|call|chat) with\b"
            r"|\bi(?:['’]m| am|['’]ll be| will be)? (?:about to )?(?:meet(?:ing)?|seeing|talking (?:to|with))"
            r" (?=<@|(?-i:[A-Z]))"
            r"|\bi(?:['’]ve| have)?(?: got)? an? (?:\w+ )?(?:meeting|1:1|one[- ]on[- ]one|call|chat) with\b"
            r"|\bwhat (?:do|should|must|could) (?:i|we) (?:need to |have to )?"
            r"(?:discuss|raise|bring up|talk about|settle) with\b",
            re.IGNORECASE,
        ),
    ),
    (
        "catch_up",
        re.compile(
            r"\b(?:catch|bring|get) me up(?: to (?:speed|date))?(?: on| with)?\b|\bwhat (?:did|have) i miss(?:ed)?\b"
            r"|\bwhat(?:['’]?s| is| was| has been) (?:going on|happening)"
            r"(?=\W*$| (?:in )?(?:here|this channel|this thread)\b)"
            r"|\bsumm?ari[sz]e\b|\bsummary of\b|\btl;?dr\b",
            re.IGNORECASE,
        ),
    ),
    (
        "people",
        re.compile(
            r"\bwho (?:else )?(?:knows?|would know|can tell me|could tell me|has experience|is the expert|works?)"
            r"(?: (?:most|more|best|something|anything|a lot))?(?: about| of| on| with)?\b"
            r"|\bwho (?:should|can|could|do) i (?:ask|talk to|speak to)(?: about| on)?\b|\bwhom to ask\b"
            r"|\bwho(?:['’]?s| is| are) (?:the |our |an? )?"
            r"(?:experts?|go-to(?: person)?|best person|person to ask)(?: about| of| on| for| with| in)?\b",
            re.IGNORECASE,
        ),
    ),
    (
        "history",
        re.compile(
            r"\bwhat(?:['’]s| has| have)? changed?(?: on| about| with| in)?\b|\bhistory of\b|\btimeline of\b"
            r"|\bhow did .{1,80}\b(?:change|evolve|come about)\b",
            re.IGNORECASE,
        ),
    ),
)
_MEETING = re.compile(
    r"\b(?:for )?(?:my|the|our) (?:next )?(?:meeting|1:1|one[- ]on[- ]one|call|chat) with\b", re.IGNORECASE
)
_HERE = re.compile(r"\b(?:on |in )?(?:this|the) (?P<what>channel|thread)\b|\bin here\b", re.IGNORECASE)
_KIND = r"(?:promises?|commitments?|questions?|blockers?|proposals?|to-?dos?|action items?)"
_OPEN_STILL = re.compile(
    rf"\b(?:do|does)\b[^.?!]{{1,60}}\bowe\b|\bowes\b|\bowing\b|\b(?:is|are|am)\b[^.?!]{{0,60}}\bowed\b|\bstill\b"
    rf"|\b(?:open|outstanding|unanswered) {_KIND}\b|\b{_KIND} (?:\w+ )?(?:is|are) (?:open|outstanding|unanswered)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:was|were|did|had)\b", re.IGNORECASE)


def form_of(text: str) -> Form:
    return next((form for form, pattern in _FORMS if pattern.search(text)), "answer")


def place_in(text: str) -> Here | None:
    """Whether it is about the channel or the thread that it is asked in."""
    match = _HERE.search(text)
    if match is None:
        return None
    return "thread" if match["what"] and match["what"].lower() == "thread" else "channel"


def is_open_still(text: str, *, due: bool = False) -> bool:
    """Whether it is asked what is open at this moment: what was promised and kept is no answer to "what do I owe?", nor
    to what is `due` by some day.
    """
    return bool(due or _OPEN_STILL.search(text)) and not _PAST.search(text)


def without_form(text: str) -> str:
    """The text without the words that only say what is wanted."""
    form = form_of(text)
    if form == "answer":
        return text
    rest = dict(_FORMS)[form].sub(" ", text)
    if form == "prepare":
        rest = _MEETING.sub(" ", rest)
    return _HERE.sub(" ", rest) if form == "catch_up" else rest
