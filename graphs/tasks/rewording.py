"""Rewording: how a model words an entry of a briefing for `compose`, from the rules' sentence and its messages.

What became of a fact, and the links, stay the rules' own. A sentence that says more than its messages, or looks like a
link, is not taken.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from graphs import plain_text, sentences
from graphs.pieces import ModelEngine, Unfit
from graphs.tasks import verify
from graphs.wording import clause
from memory.models.base import Model
from memory.models.briefings import Item
from memory.models.facts import Fact
from memory.models.ids import MessageId

VERSION = "prompt-2"
LONGEST = 220
"""Characters of a sentence that a model writes."""
SHOWN = 220
"""Characters of a message that a model is shown."""

_DAYS = re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} [A-Z][a-z]{2}\b|\bby (?:today|tomorrow)\b")

INSTRUCTIONS = """\
You word the morning briefing of one engineering leader, who is "you" in it. Each piece has a "plain" sentence, right
but wooden, and the messages that it rests on. Say it as a careful chief of staff would: who, what, for whom, by when,
and, where the messages tell, why it matters.
- One sentence of at most 25 words. Plain, calm English. No greeting, advice or opinion.
- Keep each name and day of the plain sentence as written there. Say no name, number or day that neither it nor the
  messages you cite have.
- "I" and "we" become the name. Quote only what would lose its sense otherwise, in “…”.
- Stay as sure as the messages are: "maybe we should", "I'd lean towards", "+1, unless somebody objects" only propose;
  "I'll try" promises to try. A joke or sarcasm is no news: tell what is behind it. The later of two messages holds.
- A short yes ("sure", "on it", a thumb) promises what it answers: tell what.
- "messages": the ids of those that your sentence rests on, one at least."""
EXAMPLES = """\
Examples
plain: Ben Osei proposed yesterday: “maybe we drop the nightly report, nobody reads it”.
-> Ben Osei proposed yesterday to drop the nightly report, since nobody reads it. ["m1"]
plain: Ida Sand asked “can somebody own the cert renewal?”, and Tom Winter answered: “sure” – due by Fri 20 Nov.
-> Tom Winter took on the certificate renewal for Ida Sand, due by Fri 20 Nov. ["m1","m2"]
plain: Ana Ruiz decided today: “scrap that, we stay on the old queue until January”.
m1, Ana Ruiz: scrap that, we stay on the old queue until January, the new one lost messages twice
-> Ana Ruiz decided today to stay on the old queue until January, because the new one lost messages twice. ["m1"]"""


class Worded(Model):
    sentence: str
    messages: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """An item as the rules have it, and what a model may know of it. `ended` is put after its sentence."""

    item: Item
    plain: str
    ended: Fact | None
    people: tuple[str, ...]
    proposed: bool
    evidence: Mapping[str, tuple[MessageId, str, str]]
    """By the model's name for a message: its id, its author, its words."""
    known: tuple[str, ...]
    """What may be said without evidence: its people, places and dates."""
    names: tuple[str, ...]
    """Everybody's, so that a wrong one is recognised."""
    beside: str = ""
    """What the item tells beside it, which stays as the rules worded it, with its sources."""


def _shown(line: Line, room: int) -> object:
    most = min(SHOWN, room * 2 // max(len(line.evidence), 1))
    told = [{"id": key, "by": by, "text": clause(text, most)} for key, (_, by, text) in line.evidence.items()]
    return {"plain": line.plain, "messages": told}


def _read(line: Line, answer: Worded) -> Item:
    """The item with the model's sentence, if that says nothing that its messages do not."""
    sentence = answer.sentence.strip()
    if faults := plain_text.faults_of(sentence, LONGEST):
        raise Unfit(", ".join(faults))
    if not answer.messages or not {*answer.messages} <= line.evidence.keys():
        raise Unfit("it cites no message of its piece, or one that is not there")
    cited = [line.evidence[key] for key in dict.fromkeys(answer.messages)]
    words = tuple(text for _, _, text in cited)
    if verify.rules(verify.Given(text=sentence, evidence=words, known=line.known, names=line.names)).dropped:
        raise Unfit("it says a name, number or day that neither the messages it cites nor the plain sentence have")
    if line.people and not any(name.split()[0].casefold() in sentence.casefold() for name in line.people):
        raise Unfit("it does not say who")
    if not plain_text.stands_on(sentence, " ".join((*words, line.plain)), " ".join(line.known)):
        raise Unfit("it says what its messages do not")
    if line.proposed and not plain_text.proposes(sentence):
        raise Unfit("what was only proposed has to be told as a proposal")
    if missing := [day for day in _DAYS.findall(line.plain) if day not in sentence]:
        raise Unfit(f"it leaves out {missing[0]}")
    bare = sentence.rstrip(" .")
    told = sentences.with_ending(bare, line.ended) if line.ended else sentences.closed(bare)
    unused = {key for key, _, _ in line.evidence.values()} - {key for key, _, _ in cited}
    sources = tuple(s for s in line.item.sources if s.message_id not in unused)
    told = f"{told} {line.beside}" if line.beside else told
    return line.item.model_copy(update={"text": told, "sources": sources})


ENGINE = ModelEngine(
    task="compose",
    version=VERSION,
    size="large",
    instructions=INSTRUCTIONS,
    examples=EXAMPLES,
    answer=Worded,
    show=_shown,
    read=_read,
    most=90,
)
