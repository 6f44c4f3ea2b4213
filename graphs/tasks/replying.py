"""Replying: how a model answers a question for `answer`, from the messages and facts that were found for it.

Each sentence cites messages among those that it was shown, and says no more than they do; what became of a fact is the
rules' own. What does not pass is left out, and when nothing passes the rules answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphs import plain_text
from graphs.pieces import ModelEngine, Unfit
from graphs.prompts import as_line, tokens_in
from graphs.tasks import verify
from memory.models.base import Model
from memory.models.ids import MessageId

VERSION = "prompt-1"
MOST = 5
"""Sentences of an answer, and messages that they may cite in all."""
LONGEST = 260
"""Characters of a sentence that a model writes."""
SHOWN = 500
"""Characters of a message that a model is shown."""
EVIDENCE = 2000
"""Tokens of facts and messages that a model is shown."""
_CITED = 3

INSTRUCTIONS = """\
You answer questions about what a team said in its chat, from the messages and facts that are given and from nothing
else. Each piece is one question with what was found for it, best first; "facts" are what the team's minutes hold, each
with the messages it rests on, and say what became of it. Much of what was found may not be about the question at all.

"sentences": the answer, best first, at most 4 sentences of at most 30 words, each with the ids of the 1 to 3 messages
that carry it. Plain, calm English, no greeting, no advice.
- Answer what is asked. If nothing that is given answers it, the list is empty: that is a good answer, a guess is none.
- Every name, number and day in a sentence stands in the messages and facts that it cites, as written there. Where a
  message says "tomorrow" or "next week", quote it in “…” or leave it out.
- Somebody's "I" and "we" become their name. Who asks is "you" where "you" says who that is; else a name like others.
- Of two messages that contradict each other the later one holds; say so if both matter.
- Stay as sure as they are. "Maybe we should", "I'd lean towards", "+1 if nobody objects" propose, and decide nothing.
  Sarcasm and jokes are no news. A short yes takes on what it answers."""
EXAMPLES = """\
Examples
question: did we settle on a vendor? · facts: [m1: Ana Ruiz proposed on Thu 12 Nov: let's take Lumen]
m1, Ana Ruiz, Thu 12 Nov: let's take Lumen, unless finance objects
m2, Tom Winter, Fri 13 Nov: finance objects, too dear
-> [{"text":"Ana Ruiz proposed Lumen on Thu 12 Nov, but nothing was decided.","messages":["m1"]},
{"text":"Tom Winter wrote on Fri 13 Nov that finance objects, since it is too dear.","messages":["m2"]}]
question: who rotates the keys? · m1, Ida Sand: can somebody rotate the staging keys? · m2, Tom Winter: on it
-> [{"text":"Tom Winter took on rotating the staging keys for Ida Sand.","messages":["m1","m2"]}]
question: when is the audit? · m1, Ben Osei: great, another audit, can't wait
-> []"""


class Sentence(Model):
    text: str
    messages: tuple[str, ...]


class Reply(Model):
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Found:
    """A message that may be cited: its author, place and day as they may be named, and its words."""

    message_id: MessageId
    by: str
    where: str
    on: str
    text: str
    known: tuple[str, ...] = ()
    """What may be said when it is cited, though its words do not have it."""


@dataclass(frozen=True)
class Minuted:
    """A fact in the rules' sentence; `ended` is what became of it, if anything did."""

    sentence: str
    message_ids: frozenset[MessageId]
    known: tuple[str, ...] = ()
    ended: str = ""
    proposed: bool = False


@dataclass(frozen=True)
class Matter:
    """A question with what is shown of what was found, by the model's names for it. `you`: who asks, in private."""

    question: str
    today: str
    you: str
    found: Mapping[str, Found]
    facts: tuple[Minuted, ...]
    names: tuple[str, ...]

    @property
    def seen(self) -> tuple[MessageId, ...]:
        """All that this is made of: what is shown, and what the facts rest on."""
        found = (each.message_id for each in self.found.values())
        return tuple(dict.fromkeys((*found, *(key for fact in self.facts for key in sorted(fact.message_ids)))))


@dataclass(frozen=True)
class Told:
    text: str
    message_ids: tuple[MessageId, ...]


def matter(  # all that is known of one question
    question: str,
    today: str,
    you: str,
    facts: Sequence[Minuted],
    found: Sequence[Found],
    names: tuple[str, ...],
) -> Matter:
    """What is shown of what was found, best first: facts with their messages, then other messages, as room lasts."""
    by_id = {each.message_id: each for each in found}
    kept: dict[MessageId, Found] = {}
    told: list[Minuted] = []
    left = EVIDENCE
    for fact in facts:
        new = [by_id[key] for key in sorted(fact.message_ids) if key in by_id and key not in kept]
        needed = tokens_in(as_line(fact.sentence)) + 15 + sum(map(_tokens, new))
        if needed <= left * 2 // 3 and fact.message_ids & by_id.keys():
            told.append(fact)
            kept |= {each.message_id: each for each in new}
            left -= needed
    for each in found:
        if each.message_id not in kept and _tokens(each) <= left:
            kept[each.message_id] = each
            left -= _tokens(each)
    shown = {f"m{number}": each for number, each in enumerate(kept.values(), start=1)}
    return Matter(question, today, you, shown, tuple(told), names)


def _tokens(found: Found) -> int:
    return tokens_in(as_line([found.by, found.where, found.on, found.text])) + 16


def _shown(given: Matter, room: int) -> object:  # noqa: ARG001  # `matter` saw to it
    ids = {each.message_id: key for key, each in given.found.items()}
    facts = [
        {"says": each.sentence, "messages": sorted(ids[key] for key in each.message_ids if key in ids)}
        for each in given.facts
    ]
    said = [
        {"id": key, "by": each.by, "in": each.where, "on": each.on, "text": each.text}
        for key, each in given.found.items()
    ]
    return {"question": given.question, "today": given.today, "you": given.you, "facts": facts, "messages": said}


def _read(given: Matter, answer: Reply) -> tuple[Told, ...]:
    told: list[Told] = []
    faults: list[str] = []
    used: set[MessageId] = set()
    for each in answer.sentences[: 2 * MOST]:
        try:
            sentence = _sentence(given, each)
        except Unfit as error:
            faults.append(str(error))
            continue
        if len(told) < MOST and len(used | {*sentence.message_ids}) <= MOST:
            told.append(sentence)
            used |= {*sentence.message_ids}
    if faults and not told:
        raise Unfit(faults[0])
    return tuple(told)


def _sentence(given: Matter, answer: Sentence) -> Told:
    """The sentence, if the messages it cites are there and carry it."""
    text = answer.text.strip()
    if faults := plain_text.faults_of(text, LONGEST):
        raise Unfit(", ".join(faults))
    cited = tuple(dict.fromkeys(answer.messages))
    if not cited or not {*cited} <= given.found.keys():
        raise Unfit("a sentence cites no message of its piece, or one that is not there")
    if len(cited) > _CITED:
        raise Unfit(f"a sentence cites more than {_CITED} messages")
    found = [given.found[key] for key in cited]
    ids = tuple(each.message_id for each in found)
    facts = [fact for fact in given.facts if fact.message_ids & {*ids}]
    evidence = (*(each.text for each in found), *(fact.sentence for fact in facts))
    known = (*(each for one in found for each in one.known), *(each for one in facts for each in one.known))
    if verify.rules(verify.Given(text=text, evidence=evidence, known=known, names=given.names)).dropped:
        raise Unfit("a sentence says a name, number or day that the messages it cites do not have")
    if not plain_text.stands_on(text, " ".join(evidence), " ".join(known)):
        raise Unfit("a sentence says what the messages it cites do not")
    own = [fact for fact in facts if {*ids} <= fact.message_ids]
    if any(fact.proposed for fact in own) and not plain_text.proposes(text):
        raise Unfit("what was only proposed has to be told as a proposal")
    ended = next((fact.ended for fact in own if fact.ended), "")
    told = f"{text.rstrip(' .')} – {ended}." if ended and ended not in text.lower() else text
    return Told(told if told.endswith((".", "?", "!", "…", "”")) else f"{told}.", ids)


ENGINE = ModelEngine(
    task="answer",
    version=VERSION,
    size="large",
    instructions=INSTRUCTIONS,
    examples=EXAMPLES,
    answer=Reply,
    show=_shown,
    read=_read,
    most=320,
)
