"""Recall: what was told of before, and what is asked of it -> who said it, when, until when, and how it stands now.

In: the facts and messages of an earlier answer that its viewer may still read, in the order in which they were told.
Out: at most five sentences, each tied to what it rests on, from what is so at this moment. Check: that of `answer`.
"""

from datetime import date

from graphs import days, sentences
from graphs.sentences import Voice
from graphs.tasks import answer
from graphs.tasks.answer import MOST, Hit, Sentence
from graphs.tasks.followups import Kind
from memory.models.base import Model
from memory.models.facts import ENDED, Fact
from memory.models.ids import MessageId

VERSION = "rules-1"
UNTOLD = "I have told nothing here that this could be about: ask it in full."
FADED = "What was talked of here is too long ago for me to follow: ask it in full."
UNREADABLE = "What that was about can no longer be read here."
UNDATED = "No day was named for it."


class Given(Model):
    """`told` are the messages that were cited then; `messages` are those and all that the facts rest on."""

    kind: Kind
    facts: tuple[Fact, ...]
    messages: tuple[Hit, ...]
    told: tuple[MessageId, ...]
    voice: Voice


def rules(given: Given) -> tuple[Sentence, ...]:
    return tuple(_distinct(_told(given))[:MOST])


def check(given: Given, found: tuple[Sentence, ...]) -> None:
    """Raises ValueError unless every sentence rests on what was given."""
    known = {hit.message_id for hit in given.messages}
    if len(found) > MOST or any(not each.message_ids or not {*each.message_ids} <= known for each in found):
        raise ValueError("A sentence rests on nothing that was told: drop it.")


def nothing(given: Given) -> str:
    """Why there is no sentence."""
    return UNDATED if given.kind == "due" and given.messages else UNREADABLE


def _told(given: Given) -> list[Sentence]:
    match given.kind:
        case "due":
            return [_stated(fact, given) for fact in given.facts if fact.due]
        case "state":
            hits = {hit.message_id: hit for hit in given.messages}
            told = ((_standing(fact, given), *answer.otherwise(fact, hits, given.voice)) for fact in given.facts)
            return [each for pair in told for each in pair] or _quotes(given)
        case "when":
            dated = [_stated(fact, given) for fact in given.facts if fact.kind != "commitment"]
            of = {key for each in dated for key in each.message_ids}
            return [*dated, *(each for each in _quotes(given) if not of & {*each.message_ids})]
        case _:
            return _quotes(given)


def _quotes(given: Given) -> list[Sentence]:
    """Each message: by whom, where, when, and in which words."""
    return [
        Sentence(text=_quoted(hit, given.voice), message_ids=(hit.message_id,))
        for hit in given.messages
        if hit.message_id in given.told and given.voice.plain(hit.text)
    ]


def _quoted(hit: Hit, voice: Voice) -> str:
    opening = f"{voice.name(hit.author_id)} wrote" + (f" in #{hit.container}" if hit.container else "")
    return sentences.quoted(opening, _day(hit, voice), hit.text, voice)


def _day(hit: Hit, voice: Voice) -> date:
    return days.local_day(hit.posted_at, voice.tz)


def _stated(fact: Fact, given: Given) -> Sentence:
    return Sentence(text=sentences.hedged(fact, given.voice), message_ids=_of(fact, given))


def _standing(fact: Fact, given: Given) -> Sentence:
    """The fact with how it stands; what has not ended is said to stand still."""
    told = _stated(fact, given)
    if fact.status in ENDED or fact.disputed or fact.kind == "update" or told.text.startswith(sentences.PERHAPS):
        return told
    opening = "It stands" if fact.kind == "decision" and fact.status == "decided" else "Still open"
    return told.model_copy(update={"text": f"{opening}: {told.text}"})


def _of(fact: Fact, given: Given) -> tuple[MessageId, ...]:
    known = {hit.message_id for hit in given.messages}
    stated = (each for each in fact.evidence if each.role != "disputes")
    return tuple(dict.fromkeys(each.message_id for each in stated if each.message_id in known))[:2]


def _distinct(told: list[Sentence]) -> list[Sentence]:
    """Without what says nothing new, or rests on more than may be cited."""
    kept: dict[str, Sentence] = {}
    sources: set[MessageId] = set()
    for each in told:
        if each.message_ids and each.text not in kept and len(sources | {*each.message_ids}) <= MOST:
            kept[each.text] = each
            sources |= {*each.message_ids}
    return list(kept.values())
