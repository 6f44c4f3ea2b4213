"""Objecting: a sentence by which somebody says that what they were told is wrong, and how it is instead.

Only sentences of known form are heard. What asks, supposes, doubts, quotes, or speaks of what somebody else said is no
objection; neither is what says nothing that a fact could be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from graphs.tasks import dates
from graphs.wording import MENTION, is_quote

Says = Literal[
    "not", "wrong", "untrue", "is", "owner", "day", "ended", "dropped", "begun", "proposed", "decided", "reversed"
]
"""What is said of it: what it is not; no more than that it is wrong; that it is none; what it is (a person or a day);
whose it is; when it is due; that it has come to its end, or not yet; how it stands."""
LONGEST = 300
"""Characters: whoever corrects is brief."""
_VAGUE: tuple[Says, ...] = ("not", "wrong", "untrue")
"""What says less than anything beside it, the vaguest first."""


@dataclass(frozen=True, slots=True)
class Objection:
    """`value` is the person or day that it is, `instead` the one that it is not, `about` the matter: as written.

    `who` does or did it, `verb` is what they do. `firm`: it denies something, rather than only telling how it is.
    `more`: it says another thing besides.
    """

    says: Says
    value: str = ""
    instead: str = ""
    about: str = ""
    who: str = ""
    verb: str = ""
    firm: bool = False
    more: bool = False


_ASIDE = re.compile(
    r"(?:(?:ok|okay|hm+|hey|hi|hello|sorry|well|oh|um+|ah|wait|please|thanks|thank you|by the way|btw|fyi|correction|"
    r"but|and|so|yes|yeah|to be (?:clear|precise|exact)|i (?:think|believe|mean)|as i said|@?daybook)(?:\s+|$))+",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\?|\b(?:if|whether|unless|maybe|perhaps|might|could|would|possibly|probably|supposing|suppose|imagine|wonder|"
    r"not sure|unsure|i guess|i hope|i wish|in case|seems?|looks like|apparently|assum(?:e|ing)|let'?s say|"
    r"every(?:one|body)|any(?:one|body)|guys|folks)\b|<!|@(?:here|channel)\b"
    r"|(?:^|,\s*)(?:is|isn'?t|was|wasn'?t|did|didn'?t|does|doesn'?t|has|hasn'?t)\s+(?:it|that|he|she|they)\W*$"
    r"|,\s*(?:right|correct|no|yes|huh|eh|or)\W*$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|`[^`]*`|(?<!\w)'[^']+'(?!\w)|‘[^’]*’")
_EMOJI = re.compile(r":[a-z0-9_+\-]{1,40}:")
_BREAK = re.compile(
    r"(?:[.;!:]+(?=\s|$)|\n|,\s(?!not\b)|\s[–—-]+\s|\s\(|\)(?=\s|$)"
    r"|\s(?:and|but)\s(?=(?:it|that|this|due|by|i|we)\b)|,?\sbecause\b)",
    re.IGNORECASE,
)
_NO = re.compile(r"(?:no+|nope|nah|no way)", re.IGNORECASE)
_SAME = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"\b(is|was|are|were|has|have|did|does|do)n'?t\b", r"\1 not"),
        (r"\b(it|that|this|one|there|deadline|date|owner)'s\b", r"\1 is"),
        (r"\b(i|we|you|they)'ve\b", r"\1 have"),
        (r"\bi'm\b", "i am"),
        (r"\b(we|you|they)'re\b", r"\1 are"),
        (r"\b(it|that|this)'ll be\b", r"\1 is"),
        (r"\b(\w+)'ll\b", r"\1 will"),
        (r"\b(?:is|has|have) (not |never )?been\b", r"is \1"),
        (r"\b(?:was|were|are|got|will be|should be|should say)\b", "is"),
        (
            (
                r"\b(?:already|actually|really|just|simply|clearly|totally|completely|definitely|meanwhile|now|yet|"
                r"quite|also|in fact|at all|long ago|ages ago|any ?more)\b"
            ),
            " ",
        ),
    )
)
_NAME = r"(?:<@[\w.\-]{1,80}(?:\|[^<>|]{0,80})?>|@?[^\W\d_][\w'\-]{0,30}(?: [^\W\d_][\w'\-]{1,30}){0,2}?)"
_A = r"(?P<about>.+?)"
_WHO = rf"(?P<who>{_NAME})"
_IS = rf"(?P<value>{_NAME})"
_ON = r"(?P<value>[\w ,./:\-]{2,30}?)"
_ELSE = rf",? (?:and )?not (?P<instead>{_NAME}|[\w ]{{2,30}}?)(?:'s)?"
_WHEN = r"(?: (?:yesterday|today|this morning|last \w+|on \w+|since \w+|(?:a few |\w+ )?(?:days?|weeks?|hours?) ago))?"
_KIND = r"(?:promise|commitment|decision|question|blocker|task|fact|update|thing|to-?do)"
_SAID = r"(?:promised?|say|said|agreed?|ask(?:ed)?|commit(?:ted)?|mention(?:ed)?|offer(?:ed)?|report(?:ed)?)(?: to)?"
_DONE = (
    r"(?:done|finished|shipped|merged|completed?|delivered|sent|fixed|closed|resolved|settled|live|deployed|released|"
    r"answered|cleared|sorted|handled|dealt with|unblocked|not blocked|no longer blocked)"
)
_DID = (
    r"(?:did|finished|shipped|merged|completed|delivered|sent|fixed|closed|resolved|answered|deployed|released|sorted)"
)
_OWNS = (
    r"(?:owns?|has|have|does|takes|took|is on|am on|is doing|am doing|is handling|handles|is responsible for|"
    r"picked up|is taking|took over|promised|decided|asked|said|raised|reported)"
)
_WHOSE = r"(?:'s)?(?: (?:job|task|promise|decision|call|question|to-?do|turn|one|thing))?"
_SETTLED = r"(?:decided|settled|agreed|final)"
_WRONG = r"(?:wrong|incorrect|inaccurate|mistaken|a mistake|an error|outdated|out of date)"
_DUE = r"(?:due|planned for|scheduled for|by|for|until)(?: by| on| for)?"
_DEADLINE = r"(?:the |its |our )?(?:deadline|due date|due day|date|day)"
_MOVED = r"(?:moved|pushed|postponed|delayed|shifted|slipped)(?: it| that)?(?: back)? to"
_LAPSED = r"(?:is no longer (?:true|valid|current|the plan|decided)|no longer (?:holds|stands|applies))"
_OFF = r"(?:dropped|cancell?ed|abandoned|off|off the table|obsolete|moot|not needed|no longer needed|not happening)"

_WORDINGS: tuple[tuple[Says, str], ...] = (
    ("proposed", rf"(?:nothing|none of (?:it|that|this)) is {_SETTLED}"),
    ("proposed", rf"{_A} is not {_SETTLED}(?: on)?"),
    ("proposed", rf"{_A} is (?:only |still |merely |not )*(?:proposed|an? (?:proposal|suggestion|idea)|suggested)"),
    ("proposed", rf"{_A} is (?:still )?(?:undecided|under discussion)"),
    ("proposed", rf"(?:we|they|i) (?:have|did) not (?:decided?|agreed? on|settled?)(?: on)?(?: {_A})?"),
    ("proposed", r"(?:only|merely) (?:proposed|a proposal|a suggestion|an idea)|not decided"),
    ("untrue", rf"(?:{_A} is )?never (?:{_SAID}|decided|happened|an? {_KIND})(?: by .+)?"),
    ("untrue", rf"{_A} is not {_SAID}(?: by .+)?"),
    ("untrue", rf"(?:{_A} is )?not an? (?:real )?{_KIND}(?: of mine)?"),
    ("untrue", rf"{_A} (?:never happened|did not happen)"),
    ("untrue", rf"(?:nobody|no one) (?:ever |has )?(?:{_SAID}|decided)(?: {_A})?"),
    ("untrue", rf"{_WHO} (?:never|did not|have not|has not)(?: ever)? (?:{_SAID}|decided?)(?: {_A})?"),
    ("untrue", rf"there is no such {_KIND}|you made (?:it|that|this) up|(?:{_A} is )?made up"),
    ("untrue", rf"(?:{_A} is )?(?:not true|untrue|false|nonsense|not the case)"),
    ("reversed", rf"{_A} is (?:since )?(?:reversed|overturned|reverted|taken back|superseded)(?: by .+)?"),
    ("reversed", rf"{_A} {_LAPSED}"),
    ("reversed", rf"we (?:have )?(?:since )?(?:reversed|decided against|changed our minds? (?:on|about)) {_A}"),
    ("reversed", r"we (?:have )?(?:since )?changed our minds?"),
    ("begun", rf"{_A} is not {_DONE}"),
    ("begun", rf"(?:{_A} is )?still (?:open|blocked|undone|not done|unanswered|pending|stuck)"),
    ("dropped", rf"{_A} is {_OFF}"),
    ("dropped", rf"(?:we|i|they) (?:have )?(?:dropped|cancell?ed|abandoned) {_A}"),
    ("ended", rf"(?:{_A} is )?(?:long )?{_DONE}{_WHEN}"),
    ("ended", rf"{_WHO} (?:have |has )?{_DID} {_A}{_WHEN}"),
    ("ended", rf"{_WHO} (?:is|am) (?:unblocked|not blocked|no longer blocked)"),
    ("decided", rf"{_A} is {_SETTLED}"),
    ("wrong", r"you (?:is|are) (?:wrong|mistaken)|wrong (?:person|owner|name|day|date|deadline|status)"),
    ("wrong", rf"you (?:have )?(?:got|get|have|is) {_A} wrong"),
    ("wrong", rf"(?:{_A} is )?(?:all )?{_WRONG}"),
    ("wrong", rf"(?:{_A} is )?not (?:right|correct|so|accurate)"),
    ("day", rf"(?:{_A} (?:is|has) )?{_DUE} {_ON}(?:{_ELSE})?"),
    ("day", rf"{_DEADLINE}(?: of {_A})? is(?: moved to| on| by)? {_ON}(?:{_ELSE})?"),
    ("day", rf"(?:{_A} (?:is )?|we (?:have )?){_MOVED} {_ON}"),
    ("day", rf"(?P<verb>move|push|postpone|shift|delay) {_A} (?:back )?to {_ON}"),
    ("owner", rf"(?:it|that|this) is {_IS} who (?:\w+ )?(?P<verb>{_OWNS}) {_A}"),
    ("owner", rf"{_IS} is the (?:owner|one who does)(?: of)?(?: {_A})?"),
    ("owner", rf"{_IS} (?:\w+ly )?(?P<verb>{_OWNS}) {_A}(?:{_ELSE})?"),
    ("owner", rf"(?:the )?(?:owner|right person)(?: of {_A})? is {_IS}(?:{_ELSE})?"),
    ("owner", rf"{_A} (?:belongs to|is assigned to|went to|goes to|lies with|is with|is up to) {_IS}(?:{_ELSE})?"),
    ("not", rf"{_A} is not (?P<instead>{_NAME}|[\w ]{{2,30}}?){_WHOSE}"),
    ("is", rf"{_A} is (?:on |by )?(?:{_IS}|(?P<day>[\w ./:\-]{{2,30}}?)){_WHOSE}(?:{_ELSE})?"),
    ("is", rf"(?:{_IS}|(?P<day>[\w ./:\-]{{2,30}}?)){_WHOSE}{_ELSE}"),
)
_FORMS = tuple((says, re.compile(wording, re.IGNORECASE)) for says, wording in _WORDINGS)
_NOBODY = frozenset(
    "it that this these those he she they we you there what which who nobody somebody someone something nothing "
    "anything everything none one no not never all some any the".split()
)
"""Words that call nobody, and with which no matter begins unless as all of it or before what it is called."""
_ASKS = re.compile(
    r"(?:(?:since|by|until|till|for|at|from|to|in|on) )?(?:when|where|why|how|what|which|whose)\b(?! (?:you|i|we) )",
    re.IGNORECASE,
)
"""How a question begins that has no mark."""
_IT = re.compile(r"(?:it|that|this|these|those|that one|this one|the (?:thing|item|point|line|above))", re.IGNORECASE)
_OF_THEM = re.compile(r"(?:he|she|they|i|we|you|who|what|which|there|(?:some|any|every|no)thing)\b", re.IGNORECASE)


def read(text: str) -> Objection | None:
    """What a sentence objects to; None where it is no objection."""
    words = _words(text)
    if not words or len(words) > LONGEST or _DOUBT.search(words):
        return None
    no, found = False, list[Objection]()
    for clause in _clauses(words):
        if _NO.fullmatch(clause):
            no = True
        elif said := _said(clause):
            found.append(said)
        elif (no or found) and _is_day(clause):
            found.append(Objection("day", value=clause))
        elif not found or _calls_somebody(clause):
            return None  # words of somebody else's, or to somebody else
    said = _together(found)
    firm = no or any(each.says in _VAGUE or each.instead for each in found) or bool(re.search(r"\balready\b", words))
    return replace(said, firm=firm or said.says in {"proposed", "reversed"}) if said else None


def _words(text: str) -> str:
    """The words that are the writer's own, on one line, with plain apostrophes."""
    if len(text) > 4 * LONGEST:
        return ""
    own = "\n".join(line for line in text.replace("&gt;", ">").splitlines() if not is_quote(line))
    own = _EMOJI.sub(" ", own.replace("’", "'"))
    return "\n".join(" ".join(line.split()) for line in _QUOTED.sub(" ", own).splitlines()).strip()


def _clauses(words: str) -> Iterator[str]:
    for part in _BREAK.split(words):
        bare = part.strip(" ,.;!?*_~")
        aside = _ASIDE.match(bare)
        bare = bare[aside.end() :].strip(" ,.;!?*_~") if aside else bare
        for pattern, plain in _SAME:
            bare = pattern.sub(plain, bare)
        if bare := " ".join(bare.split()):
            yield bare


def _said(clause: str) -> Objection | None:
    if _ASKS.match(clause):
        return None
    for says, form in _FORMS:
        match = form.fullmatch(clause)
        if match is None:
            continue
        held = {name: (value or "").strip(" ,") for name, value in match.groupdict().items()}
        about = held.get("about", "")
        if _OF_THEM.match(about) or (MENTION.match(about) and not MENTION.fullmatch(about)):
            continue
        value = held.get("value") or held.get("day", "")
        if says == "day" and held.get("verb") and not dates.speaks_of_days(value):
            continue  # moved somewhere else
        if value.lower() in _NOBODY or held.get("who", "").lower() in _NOBODY - {"we"}:
            continue
        about = "" if _IT.fullmatch(about) else about
        who, verb = held.get("who", ""), held.get("verb", "")
        return Objection(says, value.removesuffix("'s"), held.get("instead", ""), about, who, verb)
    return None


def _together(found: list[Objection]) -> Objection | None:
    """All that the clauses say: what is most definite counts, and the rest says of what."""
    if not found:
        return None
    said = max(found, key=lambda each: _VAGUE.index(each.says) if each.says in _VAGUE else len(_VAGUE))
    if said.says == "not":
        return None
    definite = {each.says for each in found if each.says not in _VAGUE}
    about = said.about or next((each.about for each in found if each.about), "")
    instead = said.instead or next((each.instead for each in found if each.instead), "")
    return replace(said, about=about, instead=instead, more=len(definite) > 1)


def _is_day(clause: str) -> bool:
    return len(clause.split()) <= 3 and dates.speaks_of_days(clause)


def _calls_somebody(clause: str) -> bool:
    """Whether a clause may be nothing but whom the sentence is said to."""
    return bool(MENTION.fullmatch(clause)) or (len(clause.split()) == 1 and clause[:1].isupper())
