"""Follow-ups by their words: what is asked of something that was told, or for more of it.

Only whole questions are heard: "who said that?" follows what was told, "who said that we ship on Monday?" does not.
"""

import re
from typing import Literal

Kind = Literal[
    "new", "changed", "more", "who", "when", "due", "why", "state", "reasons", "briefed", "understood", "faded"
]
"""`new` and `changed` are searched for in full; `more` goes on; the others ask of what was told already: `reasons` why
it was told, `briefed` why it stands in a briefing, `understood` how the question was read; `faded` of what was told so
long ago that it is known no more.
"""

_IT = r"(?:that|this|it|so|those|these|them|the (?:first|last) one|that one)"
_THEY = r"(?:he|she|they|we|you|i|you all|people|somebody|someone)"
_SAID = (
    r"(?:say|said|write|wrote|tell|told|decided?|promised?|ask(?:ed)?|report(?:ed)?|mention(?:ed)?|agreed?|post(?:ed)?|"
    r"raised?|claim(?:ed)?|propos(?:ed?)|approved?)"
)
_OVER = (
    r"(?:done|fixed|finished|settled|over|answered|cleared|closed|solved|decided|resolved|changed|happened|open|so|true|on|"
    r"blocked|stuck)"
)
_DEALT = r"(?:(?:answer|repl(?:y|ied)|respond)(?:ed)?(?: to)?|do|done|fix(?:ed)?|clear(?:ed)?|solved?)"
_TELL = r"(?:tell|telling|show|showing|give|giving|say|saying)"
_THAT = r"(?:this|that|these|those|it)"
_BY_NOW = r"(?:yet|now|already|since|by now)"
_WHAT_OF = r"(?:what about |how about |which (?:is|was) |what(?:'s| is| was| were) )"
_OF_IT: dict[Kind, tuple[str, ...]] = {
    "who": (
        rf"who {_SAID}(?: for)?(?: {_IT})?",
        rf"who (?:was|is) {_IT}(?: from| by)?",
        r"(?:says|said|according to|by|from|to) whom?",
        r"says who",
        r"who",
        r"who exactly",
        rf"who (?:did )?{_SAID} (?:what|which)",
        rf"whose (?:words|idea|decision|promise|question) (?:is|was|are|were) {_IT}",
    ),
    "when": (
        r"since when(?: is that| was that)?",
        r"(?:and )?when(?: exactly)?",
        rf"when (?:was|were|is) {_IT}(?: {_SAID})?",
        rf"when did {_THEY} {_SAID}(?: {_IT})?",
        rf"when did (?:{_IT}) (?:happen|start|begin|come up)",
        rf"how long (?:ago )?(?:has|have|was|is) {_IT}(?: been)?(?: so| like that| going on| open| stuck| blocked)?",
        r"how long(?: already| now)?",
        rf"(?:on )?what day (?:was|is) {_IT}(?: {_SAID})?",
    ),
    "due": (
        r"(?:by|until|till) when(?: is (?:it|that))?",
        rf"when (?:is|are|was) {_IT} due",
        r"when (?:is|are|was) (?:it|that|they) (?:due|needed|to be done)",
        r"due when",
        r"what(?:'s| is) the (?:deadline|due date)",
    ),
    "why": (
        rf"why(?: (?:is|was) {_IT}| did {_THEY} {_SAID}(?: {_IT})?| {_IT}| not| exactly)?",
        r"how come",
        rf"how do you know(?: {_IT})?",
        rf"where did you (?:get|read|see|find) {_IT}(?: from)?",
        rf"where (?:(?:was|is) {_IT} (?:{_SAID}|from)|does {_IT} come from)",
        rf"where did {_THEY} {_SAID} (?:{_IT})",
        r"where(?: exactly)?",
        r"(?:what(?:'s| is| are) )?(?:the|your) (?:source|sources|proof|evidence)",
        r"(?:show|give) me (?:the |your |that )?(?:source|sources|quote|quotes|message|messages|words)",
        rf"what (?:exactly )?(?:was said|were the words|did {_THEY} (?:say|write))(?: exactly)?",
        r"(?:the |in )?(?:exact )?(?:quote|words|wording)(?: please)?",
    ),
    "reasons": (
        rf"why (?:did|do|are|would) you {_TELL} (?:me )?{_THAT}",
        rf"why am i (?:seeing|shown|told|getting) {_THAT}",
        rf"why was i (?:shown|told) {_THAT}",
        rf"why is {_THAT} (?:here|relevant|important)(?: (?:for|to) me)?",
        r"why (?:this|that) answer",
        rf"how did you (?:come to|get to|arrive at) {_THAT}(?: answer)?",
        r"explain (?:yourself|(?:this|that|your) answer)",
    ),
    "understood": (
        r"(?:show me |tell me )?(?:what|how) (?:exactly )?(?:did )?you (?:understand|understood)(?: it| that| me)?",
        rf"how did you (?:understand|read|interpret|take) (?:me|{_THAT}|(?:my|the) question)",
        r"what did you (?:look|search) for",
        r"what were you (?:looking|searching) for",
        r"(?:show me |tell me |what(?:'s| is| was) )?(?:your (?:query |search )?plan|the query plan)",
    ),
    "state": (
        rf"(?:is|was|are|were) {_IT} (?:still )?{_OVER}(?: {_BY_NOW})?",
        rf"(?:has|have|had) {_IT} (?:been )?{_OVER}(?: {_BY_NOW})?",
        rf"(?:did|has|have) (?:any|some)(?:one|body) (?:else )?{_DEALT} {_IT}(?: {_BY_NOW})?",
        rf"did {_IT} (?:happen|change|get done|work out)",
        rf"did {_THEY} (?:do|finish|manage|keep) {_IT}",
        rf"what (?:became|happened|has become) (?:of|to|with) {_IT}",
        rf"any (?:news|update|updates|change)(?: (?:on|about) {_IT})?(?: since(?: then)?)?",
        rf"how does {_IT} stand(?: now)?",
        r"is (?:it|that) still (?:open|so|true|on)",
        r"still",
    ),
    "more": (
        r"(?:what|who|which|any|anything|anyone|anybody)(?: (?:was|is|were|are|did|do))? ?(?:else|more|other)s?",
        r"(?:is|was|are|were) there (?:anything|something|any|anyone) ?(?:else|more|others?)",
        rf"{_WHAT_OF}?(?:the )?(?:other|others|next|second|rest)(?: ones?| two| of (?:them|it))?",
        r"another(?: one)?",
        r"(?:any |some |tell me |show me )?(?:more|others)",
        r"(?:please )?(?:go on|continue)",
        r"(?:is|was) (?:that|this|it) (?:all|everything)",
        r"(?:what|do) else (?:is there|was there|do you have|did you find)",
    ),
}
_PATTERNS = {
    kind: re.compile(rf"(?:{'|'.join(patterns)})(?: please)?", re.IGNORECASE) for kind, patterns in _OF_IT.items()
}


def asked_of_it(words: str) -> Kind | None:
    """What these words, bare of what leads up to them and of their last stop, ask of what was told."""
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.fullmatch(words)), None)
