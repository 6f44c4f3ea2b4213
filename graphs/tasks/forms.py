"""What a question wants besides an answer: how something came about, who knows of it, what was missed, what is open."""

import re
from typing import Literal

Form = Literal["answer", "history", "people", "catch_up", "prepare", "needed"]
"""`history`: what became of something, oldest first; `people`: whom to ask; `catch_up`: what moved since; `prepare`:
what is open with somebody; `needed`: what somebody has to do, and who waits for them."""
Here = Literal["channel", "thread"]
_AND_NO_MORE = (
    r"(?=\W*$|,? (?:today|now|next|here|yesterday|this (?:week|month|morning|channel|thread)|last (?:week|month)|since|"
    r"in (?:here|this)|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|before|while|so far)\b)"
)
"""What follows is a time, or where it is asked: it is asked of everything, and of no matter."""

_SOMEBODY = (
    r"(?:\W*$| (?:me|us)\b"
    r"| (?!(?:an?|the|our|my|your|their|his|her|its|this|that|some|any|what|it)\b)[^\W_]+(?: [^\W_]+)?\W*$)"
)
"""Who asks or somebody by name, where nothing follows; by a mention, which is taken out before."""
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
        "needed",
        re.compile(
            rf"\bwho(?:['’]?s| is| are| all)? (?:still |else )?(?:waits?|waiting) (?:for|on){_SOMEBODY}"
            r"|\b(?:is|are) (?:there )?(?:any|some)(?:body|one) (?:still |else )?waiting (?:for|on) (?:me|us)\b"
            r"|\bwhat(?:['’]?s| is)? (?:still )?(?:waits?|waiting) (?:for|on) (?:me|us)\b"
            r"|\bwhat (?:does|do)(?: <@\w+(?:\|[^>]*)?>| [^\W_]+){0,2} (?:still )?(?:need|want) (?:from|of)"
            + _SOMEBODY
            + r"|\bwho needs me\b|\bwhat needs (?:me|my attention)\b"
            r"|\bwhat (?:should|must|do) (?:i|we) (?:still )?(?:(?:have|need) to )?(?:do|take care of)"
            + _AND_NO_MORE
            + "|"
            r"\bwhat (?:does|do) (?:<@\w+(?:\|[^>]*)?>|[^\W_]+)(?: [^\W_]+)? (?:still )?(?:have|need) (?:to do|left)\b"
            r"|\b(?:(?:is|are|what['’]?s|anything) )?(?:still )?on (?:(?:my|our|his|her|their|[^\W_]+['’]s) )?"
            r"(?:plate|to-?do list)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "catch_up",
        re.compile(
            r"\b(?:catch|bring|get) me up(?: to (?:speed|date))?(?: on| with)?\b|\bwhat (?:did|have) i miss(?:ed)?\b"
            r"|\bwhat(?:['’]?s| is| was| has been) (?:going on|happening)"
            r"(?=\W*$| (?:in )?(?:here|this channel|this thread)\b)"
            r"|\bwhat(?:['’]?s| is| has)? (?:new|happened|been going on|going on|the latest)" + _AND_NO_MORE + "|"
            r"\bwhat (?:was|were|has been) (?:discussed|talked about|going on)" + _AND_NO_MORE + "|"
            r"\bwhat(?:['’]?s| is| are| has| have)(?: <@\w+(?:\|[^>]*)?>| [^\W_]+){0,3} "
            r"(?:been )?(?:working on|doing|up to)" + _AND_NO_MORE + "|"
            r"\bwhat (?:are|were) (?:the )?(?:main |key |big )?(?:topics|highlights|themes)\b|\bhighlights of\b"
            r"|\bsumm?ari[sz]e\b|\bsummary of\b|\btl;?dr\b|\brecap\b(?: of\b)?|\boverview of\b",
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
_HERE = re.compile(r"\b(?:on |in )?(?:this|the) (?P<what>channel|thread)\b|\bin here\b|\bhere(?=\W*$)", re.IGNORECASE)
KIND = r"(?:promises?|commitments?|questions?|blockers?|proposals?|to-?dos?|action items?)"
_OPEN_STILL = re.compile(
    rf"\b(?:do|does)\b[^.?!]{{1,60}}\bowe\b|\bowes\b|\bowing\b|\b(?:is|are|am)\b[^.?!]{{0,60}}\bowed\b|\bstill\b"
    rf"|\b(?:open|outstanding|unanswered) {KIND}\b|\b{KIND} (?:\w+ )?(?:is|are) (?:open|outstanding|unanswered)\b"
    r"|\bdeadlines\b"
    r"|\b(?:who|what|any(?:body|one|thing)?|are we|am i)\b[^.?!]{0,30}"
    r"\b(?:blocked|blocking|blockers|stuck|held up|waiting (?:for|on))\b",
    re.IGNORECASE,
)
_WHAT_IS_OPEN = re.compile(
    r"\bwhat(?:['’]?s| is| are)? (?:all |still )*"
    r"(?:open|outstanding|pending|unresolved|unfinished|left(?: open| to do)?)"
    r"(?=\W*$| (?:with|for|between|from|of|about|on|in|here|today|now|this|since)\b)",
    re.IGNORECASE,
)
_HOW_IT_STANDS = re.compile(
    r"\b(?:(?:current|latest) )?(?:status|state|progress|latest|news|(?:the )?deal) "
    r"(?:of|on|with|for|about)\b"
    r"|\bon track\b|(?<=\w) (?:going|coming along|getting on)(?=\W*$)",
    re.IGNORECASE,
)
"""Words around a matter whose latest is wanted."""
_WHO_IS = re.compile(r"\W*(?:(?:do you know|tell me) )?who(?:['’]?s| is)\b", re.IGNORECASE)
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
    still = due or asks_what_is_open(text) or form_of(text) == "needed" or _OPEN_STILL.search(text)
    return bool(still) and not _PAST.search(text)


def asks_what_is_open(text: str) -> bool:
    """Whether it is asked what is open at all, of whatever kind."""
    return _WHAT_IS_OPEN.search(text) is not None


def asks_who_it_is(text: str) -> bool:
    """Whether it asks who somebody is."""
    return _WHO_IS.match(text) is not None


def without_form(text: str) -> str:
    """The text, on one line, without the words that only say what is wanted."""
    text = " ".join(text.split())
    form = form_of(text)
    if form == "answer":
        return _HERE.sub(" ", _HOW_IT_STANDS.sub(" ", _WHAT_IS_OPEN.sub(" ", text)))
    rest = dict(_FORMS)[form].sub(" ", text)
    if form == "prepare":
        rest = _MEETING.sub(" ", rest)
    return _HERE.sub(" ", rest)
