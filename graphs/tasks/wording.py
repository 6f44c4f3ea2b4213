"""What the wording of a message tells of its place in a conversation: its words, and signs that it asks, ends, goes on.

Patterns are lists of English turns of phrase with a few of other tongues; what each is worth was learnt (`ties`).
"""

import math
import re
from collections.abc import Mapping
from itertools import islice

from graphs.tasks.stems import stem_of

COMMON = frozenset(
    """
a about all also am an and any anyone are as at be been but by can can't could did do does doing don don't for from
get go good got had has have he her here hey hi him his how i i'll i'm if im in into is it it's its just know let like
lol make me more my need no not now of ok okay on one or our out really see she should so some than thanks that that's
the their them then there they thing think this to too try up use using want was way we well were what when where
which who why will with work would yeah yes you your
""".split()
)
"""Words that tie no two messages together."""

_WORD = re.compile(r"[^\W_][\w\-./]{1,40}[^\W_]|[^\W_]{2,3}")
_PART = re.compile(r"[^\W_]{3,40}")
_LINK = re.compile(
    r"<(?:https?://[^<>|\s]{0,250}?((?:/[\w.#-]{1,60}){0,2})/?(?:\|([^<>]{1,200}))?|#\w+\|([^<>]{1,80}))>"
)
_TAG = re.compile(r"<[^<>\n]{1,300}>|:[a-z0-9_+\-]{2,40}:")
_CALL = r"\W{0,3}(?:<@[^<>]{1,80}>\W{0,3}|[^\s:,<>]{2,40}[:,]\s{0,3})?"


_STARTS = re.compile(r"\s{0,3}(?:<@[^<>]{1,80}>|@?[^\s:,<>]{2,40}\s{0,2}[:,])")


def _begins(words: str) -> re.Pattern[str]:
    return re.compile(_CALL + rf"(?:{words})(?![\w'’])", re.IGNORECASE)


def _holds(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'’])(?:{words})(?![\w'’])", re.IGNORECASE)


_GREETS = _begins(
    r"hi|hello|hey|howdy|yo|greetings|good (?:morning|evening|afternoon)|mornin[g']?|morgen|moin|hola|bom dia|"
    r"hallo|oi|ciao"
)
_SEEKS = _holds(
    r"any(?:one|body)|some(?:one|body)|guys|folks|everyone|all|does .{1,20} know|heads up|fyi|psa|reminder|"
    r"unrelated|quick question|is there a|how (?:do|can|to)|what(?:'s| is) the"
)
_THANKS = _holds(
    r"thanks|thank you|thank|thx|tx|ty|cheers|got it|gotcha|makes sense|that work(?:s|ed)|awesome|perfect|ta|"
    r"obrigad[oa]|gracias|danke"
)
_WONDERS = _begins(
    r"what|how|why|where|when|who|who's|what's|which|is|are|can|could|does|do|did|has|have|should|will|would|shall"
)
_ANSWERS = _begins(
    r"yes|yep|yeah|yup|no|nope|nah|ok|okay|sure|right|true|ah|oh|hmm|hm|well|lol|haha|agreed|same|exactly|"
    r"indeed|nice|cool|great|it|that|that's|and|but|so|or|because|also|then|sorry|maybe|i think|i see|you|you're|try|"
    r"this|they|he|she"
)
_AGREES = _begins(
    r"yes|yep|yeah|yup|ya|ja|si|sim|no|nope|nah|ok|okay|k|sure|right|true|agreed?|exactly|indeed|fine|"
    r"fair(?: enough| point)?|deal|done|good|great|nice|cool|perfect|lovely|works|noted|understood|received|"
    r"ack|will do|on it|mine|me|same|\+1|👍|sounds|makes sense|not yet|of course|absolutely|please|np|"
    r"no problem|no worries|lgtm|approved"
)
_GOES_ON = _begins(
    r"and|but|so|or|because|cause|also|plus|then|which|though|still|except|otherwise|anyway|ah|oh|hm+|hmm+|well|wait|"
    r"actually|sorry|maybe|same|too|either|meaning|i mean|like|as in|in that case|\.\.\.|…"
)
_FRESH = _begins(
    r"fyi|psa|heads[- ]?up|reminder|unrelated|separate(?:ly)?|(?:an)?other (?:thing|one|topic)|new topic|"
    r"different (?:topic|thing)|random|quick (?:one|q|question)|question|dumb question|stupid question|"
    r"small (?:thing|one)|one (?:more )?thing|morning(?: all)?|good morning|standup|stand-up|handover|retro|"
    r"demo|lunch|weekly|status|for (?:those|the record|info|awareness)|does any(?:one|body)|has any(?:one|"
    r"body)|any(?:one|body)|can (?:any|some)(?:one|body)|could (?:any|some)(?:one|body)|who(?:'s| is)|all|"
    r"team|folks|everyone|everybody|hi all|hey all|next|btw|by the way|on another note|also unrelated|psst|"
    r"announcement|change of plan|news|update|today|tomorrow|tonight|this week|next week"
)
_RESUMES = _holds(
    r"re|about the|following up|follow-up|as promised|back to|update on|update:|any news|any update|still|"
    r"again|finally|for the record|done|merged|fixed|shipped|deployed|landed|sent|uploaded|it's up|is up|"
    r"is out|is in|resolved"
)
_TAKES = _holds(
    r"on it|mine|will do|can do|i['’]ll|ill|we['’]ll|i (?:will|shall|can|do|take|look|check|make|send|write|"
    r"ask|add|put|try|run|fix|go|bring|call|test|change|start)|will (?:send|do|check|look|ask|try|write|post|"
    r"share|update|let)|let me|leave it (?:with|to) me|me(?=\W*\Z)|(?:looking|checking|asking|fixing|writing|"
    r"uploading|running|starting|sending|calling|working|going|trying|testing|rolling|reverting|restarting|"
    r"merging|deploying|building|reviewing|reading|adding|moving|booking|ordering|filing)|by (?:mon|tues?|wed|"
    r"thu|fri|eod|noon|tomorrow|tmrw|lunch|end of)\w*|within the hour|in \d+ ?(?:min|h)\w*|after lunch|"
    r"(?:this|tomorrow|tmrw) (?:afternoon|morning|evening)"
)

_WHOM, _WHEN, _MANY, _WHERE, _WHETHER = 1, 2, 4, 8, 16
_ASKED = {
    _WHOM: _holds(r"who|who's|whose|anyone|anybody|someone|somebody|takers|volunteers?"),
    _WHEN: _holds(r"when|what time|which day|how (?:long|soon)|by when|eta|until when"),
    _MANY: _holds(
        r"how (?:many|much|big|large|far|often|bad|late|old|long)|what (?:number|version|percentage)|"
        r"which (?:version|one)"
    ),
    _WHERE: _holds(r"where|which (?:channel|repo|page|doc|file|table|branch)|link"),
    _WHETHER: _begins(r"is|are|can|could|does|do|did|has|have|should|will|would|shall|may|was|were|any"),
}
"""What is asked for, and what a message gives, as bits."""
_GIVES = {
    _WHOM: re.compile(_CALL + r"(?:me|mine|i|i'll|i’ll|i've|us|we|on it|not me|nobody|<@)|<@", re.IGNORECASE),
    _WHEN: _holds(
        r"\d{1,2}:\d\d|\d{1,2} ?(?:am|pm|utc|h|min|mins|minutes|hours?|days?|weeks?)|(?:mon|tues?|wed(?:nes)?|"
        r"thu(?:rs)?|fri|satur|sun)(?:day)?|today|tomorrow|tmrw|tonight|yesterday|now|soon|eod|noon|morning|"
        r"afternoon|evening|next week|this week|after|before|until|since"
    ),
    _MANY: re.compile(r"\d"),
    _WHERE: re.compile(r"https?://|<#|`|#\w|(?<!\w)(?:in|under|at|on) (?:the|my|our)\b", re.IGNORECASE),
    _WHETHER: _begins(
        r"yes|yep|yeah|yup|ya|ja|si|sim|no|nope|nah|ok|okay|sure|not|never|of course|think so|should be|it is|"
        r"it does|done"
    ),
}


def words_of(text: str) -> frozenset[str]:
    """The words by which a message may be tied to others: stems, and names of things whole and in parts."""
    found = set[str]()
    for word in _WORD.findall(plain(text[:1000])):
        if word in COMMON:
            continue
        if word.isalpha():
            found.add(stem_of(word))
        else:
            found.add(word)
            found.update(stem_of(part) for part in _PART.findall(word) if part not in COMMON)
    return frozenset(found)


def lead_of(text: str) -> str:
    """The first word that tells something."""
    for match in islice(_WORD.finditer(plain(text[:120])), 8):
        if match[0] not in COMMON:
            return stem_of(match[0]) if match[0].isalpha() else match[0]
    return ""


def plain(text: str) -> str:
    """In lower case, without marks; of links, what they are called and the end of where they lead."""
    return without_marks(_LINK.sub(_label, text)).lower()


def without_marks(text: str) -> str:
    """Without mentions, links and the names of emoji."""
    return _TAG.sub(" ", text)


def _label(link: re.Match[str]) -> str:
    return f" {link[2] or link[3] or ''} {(link[1] or '').replace('/', ' ')} "


CUES = tuple(
    """
    asks wonders thanks greets answers seeks lower length code link bot
    agrees goes_on fresh resumes takes wording
    """.split()
)
"""What is noted of each message; `wording`: how likely its words make it that it opens a conversation (`openings`)."""
ASKS, WONDERS, THANKS, GREETS, ANSWERS, SEEKS, LOWER, LENGTH, CODE, LINK, BOT = range(11)
TAKES, WORDING = CUES.index("takes"), CUES.index("wording")


def cues_of(text: str, wording: float, *, bot: bool) -> tuple[float, ...]:
    """The numbers that `CUES` names."""
    return (
        float("?" in text),
        float(_WONDERS.match(text) is not None),
        float(_THANKS.search(text) is not None),
        float(_GREETS.match(text) is not None),
        float(_ANSWERS.match(text) is not None),
        float(_SEEKS.search(text) is not None),
        float(text[:1].islower()),
        math.log1p(len(text)),
        float("`" in text or "CODE" in text),
        float("http" in text or "LINK" in text),
        float(bot),
        float(_AGREES.match(text) is not None),
        float(_GOES_ON.match(text) is not None),
        float(_FRESH.match(text) is not None),
        float(_RESUMES.search(text) is not None),
        float(_TAKES.search(text) is not None),
        wording,
    )


def asked_for(text: str) -> int:
    """What kinds of answer a message asks for, as bits; 0 if it asks nothing."""
    return _bits(_ASKED, text) if "?" in text or _WONDERS.match(text) else 0


def given_in(text: str) -> int:
    """What kinds of answer a message could be, as the same bits."""
    return _bits(_GIVES, text)


def starts_naming(text: str) -> bool:
    """Whether it begins by calling somebody."""
    return _STARTS.match(text) is not None


def _bits(patterns: Mapping[int, re.Pattern[str]], text: str) -> int:
    return sum(bit for bit, pattern in patterns.items() if pattern.search(text))
