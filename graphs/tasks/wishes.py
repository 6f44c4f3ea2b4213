"""Wishes: what somebody says to Daybook of itself and of what it holds about them, which no message answers.

What is held is for the person alone, and what goes is for them to choose: so they are told where, and nothing is done.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from graphs.tasks.follow import bare

Wish = Literal["held", "read", "untracked", "forgotten", "stopped", "reminded", "help", "greeting", "thanks"]
_HOLD = r"(?:hold|know|store|keep|have|remember|record|save|collect)"
_TIME = (
    r"(?:later|tomorrow|today|tonight|(?:on|at|by|before|after|next|every|this) [\w:.]+"
    r"|in \w+ \w+|each \w+|(?:morning|noon|evening)|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_WISHES: Mapping[Wish, re.Pattern[str]] = MappingProxyType(
    {
        "held": re.compile(
            r"(?:(?:what|which)(?: \w+)? (?:do|did|have) you"
            r"|(?:show|tell|give) me (?:what|all|everything)(?: that)? you)"
            rf" {_HOLD}\w*(?: stored| saved)? (?:about|on|of) me",
            re.IGNORECASE,
        ),
        "read": re.compile(
            r"(?:do|can) you read (?:(?:my|our|all|the|these|private|direct) )*(?:dms?|messages|chats?)"
            r"|(?:can|does|will) (?:any(?:body|one)|some(?:body|one)|others?)(?: else)? (?:see|read) "
            r"(?:this|that|what i (?:ask|write|say|tell)(?: (?:to )?you)?(?: here)?)",
            re.IGNORECASE,
        ),
        "untracked": re.compile(
            r"(?:do not|don't|stop|never|no longer) (?:track|follow|record|read|monitor)(?:ing)? (?:me|my messages)"
            r"|untrack me|(?:i (?:want|wish|would like|'d like) to |i'd like to |let me |please )?opt (?:me )?out",
            re.IGNORECASE,
        ),
        "forgotten": re.compile(
            r"(?:forget|delete|erase|remove) (?:about )?(?:this|that|it|me|that one|my (?:data|messages|words)"
            r"|(?:all|everything|what)(?: (?:that )?you (?:know|hold|have))?(?: (?:about|on|of) me)?)",
            re.IGNORECASE,
        ),
        "stopped": re.compile(
            r"stop(?: it| that| this)?|unsubscribe(?: me)?(?: from .{1,40})?|be quiet|mute(?: yourself)?|pause"
            r"|shut up|leave me alone|no more briefings?"
            r"|turn (?:(?:the|my|these|your|all) )*(?:(?:daily |morning )?briefings?) off"
            r"|i (?:do not|don't|dont) (?:want|need) (?:any |the |these |your )*(?:(?:daily |morning )?briefings?)"
            r"(?: any ?more| any longer)?"
            r"|(?:stop|pause|cancel|end|turn off) (?:(?:the|my|these|your|all|sending(?: me)?) )*"
            r"(?:(?:daily |morning )?briefings?|messages|messaging me|writing(?: to)? me|posting(?: here)?)",
            re.IGNORECASE,
        ),
        "reminded": re.compile(
            rf"remind (?:me|us)(?: {_TIME})* to (?!whom?\b|what\b|which\b)\S.*"
            rf"|remind (?:me|us) {_TIME}(?: {_TIME})*(?: (?:about|of|that) .+)?",
            re.IGNORECASE,
        ),
        "help": re.compile(
            r"are you (?:an? )?(?:bot|human|robot|person|machine|real|ai|there|alive)"
            r"|help(?: me)?|what (?:can|do) you do|how (?:do|does|can) (?:i use )?(?:this|it|you)(?: work)?|who are you"
            r"|what are you",
            re.IGNORECASE,
        ),
    }
)
TOLD: Mapping[Wish, str] = MappingProxyType(
    {
        "held": "What I hold about you is for you alone: press *What do you hold about me?* in my *Home* tab, or enter"
        " `/daybook privacy`.",
        "read": "I read the channels that I am in, and of direct messages those to me alone. What you ask me there is"
        " answered to you alone; in a channel everybody reads along. `/daybook privacy` shows what I hold about you.",
        "untracked": "Press *Do not track me* in my *Home* tab: then I conclude nothing more from what you write, and"
        " what I did conclude is erased.",
        "forgotten": "Press *What do you hold about me?* in my *Home* tab, and there *Forget this* at what is to go.",
        "stopped": "Press *Stop* in my *Home* tab, and you get no more briefings; in a channel, `/daybook quiet` has me"
        " answer only when I am called.",
        "reminded": "I set no reminders: Slack’s own `/remind` does. What you promised by some day is in your briefing"
        " of that day.",
        "help": "Ask me what was decided, promised, asked or blocked, by whom, about what and when; `/daybook help`"
        " lists what else I do.",
        "greeting": "Hello! Ask me what was decided, promised, asked or blocked; `/daybook help` lists what else I do.",
        "thanks": "You are welcome.",
    }
)
_HELLO = r"(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening)|morning)"
_NICE = r"(?:great|perfect|nice(?: one)?|cool|super|wonderful|awesome|good(?: job| bot)?|got it|lovely)"
_THANKS = r"(?:(?:many )?thanks?(?: you)?|thx|ty|cheers)"
_TO_ALL = r"there|daybook|again|all|everybody|everyone|team|folks|mate|a lot|so much|very much"
_COURTESIES: Mapping[Wish, re.Pattern[str]] = MappingProxyType(
    {
        "greeting": re.compile(rf"(?:{_HELLO}(?:,? (?:{_TO_ALL}))*[\s,.]*)+", re.IGNORECASE),
        "thanks": re.compile(
            rf"(?:(?:ok(?:ay)?|{_NICE})[\s,.!–-]*)*(?:{_THANKS}|{_NICE})"
            rf"(?:,? (?:{_TO_ALL}|that helps|for (?:that|this|your help)))*[\s,.]*",
            re.IGNORECASE,
        ),
    }
)
"""Heard as they stand: of a question they are no part."""
_LEADING = re.compile(
    rf"\A(?P<to>\W{{0,9}}(?:<@\w+(?:\|[^<>]*)?>\W{{0,9}})*)"
    rf"(?:(?:{_HELLO}|{_THANKS}|ok(?:ay)?|{_NICE})(?: (?:{_TO_ALL}))*\s*[,.!–]+\s*)+(?=\w)",
    re.IGNORECASE,
)
_LONGEST, _END = 2000, 500
"""Characters of a question that are read, and how many of them from its end."""
_PLEASE = re.compile(
    r"^(?:(?:please|pls|could you|can you|would you|will you)\s+)+|\s+(?:please|pls|again|anymore)$", re.IGNORECASE
)


def question_in(text: str) -> str:
    """What is asked in a text: without the courtesy that leads up to it, and of a long one its beginning and end."""
    asked = _LEADING.sub(r"\g<to>", text[:_LONGEST]) + text[_LONGEST:]
    return asked if len(asked) <= _LONGEST else f"{asked[: _LONGEST - _END]} … {asked[-_END:]}"


def read(text: str) -> Wish | None:
    """The wish that the whole of a text is, without mentions; None for any other text."""
    said = re.sub(r"(?<!\w):[\w+-]{1,40}:|[^\w\s,.'’–-]", "", text[:_LONGEST]).strip()
    if courtesy := next((each for each, pattern in _COURTESIES.items() if pattern.fullmatch(said)), None):
        return courtesy
    said = _PLEASE.sub("", bare(text))
    return next((wish for wish, pattern in _WISHES.items() if pattern.fullmatch(said)), None)
