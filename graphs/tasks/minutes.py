"""Minutes: how a model reads a conversation, once for both `describe` and `extract`.

What it quotes is looked for, word by word, in the message that it names; what does not stand there is dropped, and so
is what the rules would not let pass. The words of a fact are made of what was quoted, never by the model.
docs/adr/0020: why one prompt serves two tasks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from graphs import days, engines, plain_text
from graphs.pieces import ModelEngine, Share, Unfit
from graphs.ports import Context
from graphs.prompts import as_line, tokens_in
from graphs.tasks import dates, describe, lexicon, phrasing, transcript, verify
from graphs.tasks.describe import Wording
from graphs.tasks.drafting import promises_nothing
from graphs.tasks.ear import Draft
from graphs.tasks.minutes_prompt import EXAMPLES, INSTRUCTIONS, Minutes, Noted, Quote
from graphs.tasks.names import by_name
from graphs.tasks.speech import Clause, Utterance, hear
from graphs.tasks.transcript import Line
from graphs.wording import clause, readable
from memory.messages import text_of
from memory.models.facts import ENDED, LIFE, Evidence, FactKind, FactStatus
from memory.models.ids import ContainerId, ConversationId, PersonId
from memory.models.messages import Message
from memory.models.people import Person

VERSION = "prompt-2"
SHOWN = 900
"""Characters of a message that a model is shown."""
STRETCH = 1400
"""Tokens of a conversation that are read at once; a longer one is read stretch by stretch."""
AGAIN = 3
"""Messages before a stretch that are shown with it."""
MOST_STRETCHES = 12
RECENT = timedelta(days=30)
"""How long ago a conversation may have ended for a model to be asked about it: history is the rules'."""
_MOST_FACTS = 24
_MOST_PEOPLE = 30
_NAMESAKES = 3
_WORD = re.compile(r"[^\W\d_]{2,40}")
_FEW = 3
"""Words, up to which a conversation is left to the rules: nothing in it needs a model."""
_SURE = 1.6
"""Log-odds of what a model notes and the rules do not."""
_FAR = timedelta(days=400)
_BEGINS: Mapping[FactKind, FactStatus] = {kind: life[0] for kind, life in LIFE.items()}


@dataclass(frozen=True)
class Stretch:
    """Messages that are read at once, by the model's names for them; people likewise. `again` were read before."""

    lines: Mapping[str, Line]
    people: Mapping[str, PersonId]
    names: Mapping[PersonId, str]
    zones: Mapping[PersonId, str]
    again: frozenset[str] = frozenset()

    def zone(self, message: Message) -> str:
        return self.zones.get(message.author_id, "UTC") if message.author_id else "UTC"


@dataclass(frozen=True)
class Taken:
    """What a model made of a stretch, which ends before the message at `until`."""

    wording: Wording
    drafts: tuple[Draft, ...]
    until: int


async def take(
    conversations: Mapping[ConversationId, Sequence[Message]],
    roster: Mapping[PersonId, Person],
    container: ContainerId,
    context: Context,
) -> dict[ConversationId, tuple[Taken, ...]]:
    """Of each conversation of a container what a model made of it; what it did not read to its end is not in it.

    Of one that is over for long only what it made of it then.
    """
    if context.model is None:
        return {}
    names = {key: person.name for key, person in roster.items()}
    zones = {key: person.tz for key, person in roster.items()}
    read = {key: stretches(said, names, zones) for key, said in conversations.items()}
    order = [(key, stretch) for key, each in read.items() for stretch in each]
    shares = [Share(stretch, tuple(text_of(line.message) for line in stretch.lines.values())) for _, stretch in order]
    since = context.clock.now() - RECENT
    over = [place for place, (key, _) in enumerate(order) if conversations[key][-1].posted_at < since]
    made = await engines.ask(ENGINE, shares, context, container, unasked=over)
    found: dict[ConversationId, list[Taken]] = {}
    for place, (key, _) in enumerate(order):
        if place in made.by_model:
            found.setdefault(key, []).append(made.by_model[place])
    return {key: tuple(each) for key, each in found.items() if len(each) == len(read[key])}


def stretches(
    said: Sequence[Message], names: Mapping[PersonId, str], zones: Mapping[PersonId, str]
) -> tuple[Stretch, ...]:
    """A conversation as a model reads it: none, if there is nothing to it, or too much."""
    human = [message for message in said if message.kind == "human"]
    lines = [transcript.line(message, place, names, SHOWN) for place, message in enumerate(human)]
    if sum(len(each.text.split()) for each in lines) <= _FEW:
        return ()
    groups: list[list[Line]] = [[]]
    filled = 0
    for each in lines:
        needed = tokens_in(as_line(each.text)) + 16
        if groups[-1] and filled + needed > STRETCH:
            groups.append([])
            filled = sum(
                tokens_in(as_line(before.text)) + 16 for before in lines[max(each.place - AGAIN, 0) : each.place]
            )
        groups[-1].append(each)
        filled += needed
    if len(groups) > MOST_STRETCHES:
        return ()
    return tuple(_stretch(group, lines, names, zones) for group in groups)


def _stretch(
    group: Sequence[Line], lines: Sequence[Line], names: Mapping[PersonId, str], zones: Mapping[PersonId, str]
) -> Stretch:
    first = group[0].place
    before = lines[max(first - AGAIN, 0) : first]
    shown = {f"m{number}": each for number, each in enumerate((*before, *group), start=1)}
    people = {f"u{number}": person for number, person in enumerate(_people(tuple(shown.values()), names), start=1)}
    return Stretch(shown, people, names, zones, frozenset(list(shown)[: len(before)]))


def _people(lines: Sequence[Line], names: Mapping[PersonId, str]) -> list[PersonId]:
    """Who takes part, is mentioned, or is called by a part of their name."""
    there = [each.message.author_id for each in lines]
    there += [person for each in lines for person in each.message.mentions]
    calls = by_name(names)
    # Many names are words too: only what is written like a name is taken for one, and if few have it.
    words = {word.lower() for each in lines for word in _WORD.findall(each.text) if word[0].isupper()}
    called = [calls[word] for word in sorted(words & calls.keys())]
    there += [person for people in called if len(people) <= _NAMESAKES for person in people]
    return list(dict.fromkeys(person for person in there if person is not None))[:_MOST_PEOPLE]


def _shown(stretch: Stretch, room: int) -> object:
    told = _told(stretch, SHOWN + 1)
    if tokens_in(as_line(told)) <= room:
        return told
    return _told(stretch, max(room * 3 // max(len(stretch.lines), 1) - 60, 40))


def _told(stretch: Stretch, most: int) -> object:
    ids = {person: name for name, person in stretch.people.items()}
    told, day = [], ""
    for name, each in stretch.lines.items():
        message = each.message
        at = message.posted_at.astimezone(days.zone(stretch.zone(message)))
        by = ids.get(message.author_id, "") if message.author_id else ""
        before, day = day, f"{at:%a %Y-%m-%d}"
        when = f"{at:%H:%M}" if day == before else f"{day} {at:%H:%M}"
        told.append({"id": name, "by": by, "at": when, "text": clause(each.text, most)})
    people = {name: stretch.names.get(person) or "somebody" for name, person in stretch.people.items()}
    return {"people": people, "messages": told}


def _read(stretch: Stretch, answer: Minutes) -> Taken:
    drafts: list[Draft] = []
    lost = False
    for noted in answer.facts[:_MOST_FACTS]:
        spans: dict[str, _Span] = {
            quote.role: span for quote in reversed(noted.quotes) if (span := _span(stretch, quote))
        }
        if "states" not in spans or noted.actor not in stretch.people:
            lost = True
        elif (draft := _draft(stretch, noted, spans)) and not any(_is_same(draft, each) for each in drafts):
            drafts.append(draft)
    wording, faults = _wording(stretch, answer)
    if lost and not drafts:
        raise Unfit("none of its facts has an actor and words that stand so in the message it names")
    if not drafts and not (wording.topic and wording.gist):
        raise Unfit(f"topic or gist: {', '.join(faults)}")
    return Taken(wording, tuple(drafts), max(each.place for each in stretch.lines.values()) + 1)


@dataclass(frozen=True, slots=True)
class _Span:
    line: Line
    name: str
    start: int
    end: int

    @property
    def said(self) -> Utterance:
        return hear(self.line.message, self.line.place)

    def evidence(self, role: Literal["states", "settles"]) -> Evidence:
        return Evidence(message_id=self.line.message.message_id, start=self.start, end=self.end, role=role)

    def around(self, said: Utterance) -> list[Clause]:
        """The clauses that are quoted, in whole or in part."""
        return [each for each in said.clauses if each.start < self.end and each.end > self.start]


def _span(stretch: Stretch, quote: Quote) -> _Span | None:
    """The sentence that the quoted words begin, or stand in; None where they do not stand so in the message."""
    line = stretch.lines.get(quote.id)
    place = line.find(quote.words) if line else None
    if line is None or place is None:
        return None
    found = _Span(line, quote.id, *place)
    around = found.around(found.said)
    return replace(found, start=around[0].start, end=around[-1].end) if around else None


def _draft(stretch: Stretch, noted: Noted, spans: Mapping[str, _Span]) -> Draft | None:
    """The fact as the rules would draft it from the words that are quoted; None where they would not."""
    main = spans["states"]
    said, message = main.said, main.line.message
    clauses = main.around(said)
    if main.name in stretch.again or said.joking or not clauses:
        return None
    hedged = any(lexicon.HEDGES.search(each.words) for each in clauses)
    if noted.kind == "commitment" and any(map(promises_nothing, clauses)):
        return None
    asked = any(lexicon.NOT_ASKED.search(each.words) or lexicon.CHATTER.search(each.words) for each in clauses)
    if noted.kind == "question" and asked:
        return None
    answers = spans.get("answers")
    if answers and (answers.line.place >= main.line.place or not answers.around(answers.said)):
        answers = None
    actor = stretch.people[noted.actor]
    if not _is_of(actor, stretch, [main, *([answers] if answers else [])]):
        return None
    status, settles = _status(noted, main, spans.get("settles"), hedged=hedged)
    counterparty = stretch.people.get(noted.to or "")
    if counterparty is None and noted.status == "answered" and settles:
        counterparty = settles.line.message.author_id
    whole = Clause(main.start, main.end, said.words[main.start : main.end].strip())
    replied = (answers.said, answers.around(answers.said)[0]) if answers else None
    return Draft(
        noted.kind,
        actor,
        counterparty if counterparty != actor else None,
        phrasing.statement(noted.kind, said, whole, stretch.names, replied),
        _due(stretch, noted, [main, *([answers] if answers else [])]),
        status,
        _SURE,
        message.posted_at,
        main.line.place,
        [
            *([answers.evidence("states")] if answers else []),
            main.evidence("states"),
            *([settles.evidence("settles")] if settles else []),
        ],
        settles.line.message.posted_at if settles else None,
    )


def _is_of(actor: PersonId, stretch: Stretch, spans: Sequence[_Span]) -> bool:
    """Whether the words are theirs, or speak of them by name; what else the message speaks of does not count."""
    parts = {part for part in _WORD.findall(stretch.names.get(actor, "").lower()) if len(part) > 2}
    for span in spans:
        message = span.line.message
        if message.author_id == actor:
            return True
        told = readable(message.text[span.start : span.end], stretch.names, message.team_id)
        if not parts.isdisjoint(_WORD.findall(told.lower())):
            return True
    return False


def _status(noted: Noted, main: _Span, settles: _Span | None, *, hedged: bool) -> tuple[FactStatus, _Span | None]:
    """What became of it, as far as words say so that came later; nothing hedged stands as decided by itself."""
    begins = _BEGINS[noted.kind]
    if noted.status not in LIFE[noted.kind]:
        return begins, None
    if settles is not None and settles.line.message.posted_at <= main.line.message.posted_at:
        settles = None
    if noted.status in ENDED:
        stands: FactStatus = "decided" if noted.kind == "decision" and not hedged else begins
        return (noted.status, settles) if settles else (stands, None)
    if noted.status != "decided":
        return noted.status, None
    agreed = settles if settles and settles.line.message.author_id != main.line.message.author_id else None
    return ("decided" if agreed or not hedged else begins), agreed


def _due(stretch: Stretch, noted: Noted, spans: Sequence[_Span]) -> date | None:
    """The day that the model reads from the quoted messages, if they speak of days at all."""
    if noted.kind != "commitment" or noted.due is None:
        return None
    try:
        meant = date.fromisoformat(noted.due)
    except ValueError:
        return None
    said = spans[0].line.message
    today = dates.local_day(said.posted_at, stretch.zone(said))
    if not today <= meant <= today + _FAR:
        return None
    return meant if any(dates.speaks_of_days(span.said.words) for span in spans) else None


def _is_same(one: Draft, other: Draft) -> bool:
    """Whether both are the same kind of fact of the same words."""
    if (one.kind, one.place) != (other.kind, other.place):
        return False
    here = [span for span in one.evidence if span.role == "states"][-1]
    there = [span for span in other.evidence if span.role == "states"][-1]
    return here.start < there.end and there.start < here.end


def _wording(stretch: Stretch, answer: Minutes) -> tuple[Wording, list[str]]:
    """Topic and gist, each if it is plain and says no more than the conversation."""
    topic, gist = answer.topic.strip().rstrip("."), answer.gist.strip()
    topic_faults = _faults(stretch, topic, describe.TOPIC)
    gist_faults = _faults(stretch, gist, describe.GIST)
    wording = Wording(None if topic_faults else topic, None if gist_faults else gist)
    return wording, [*topic_faults, *gist_faults]


def _faults(stretch: Stretch, text: str, longest: int) -> list[str]:
    if faults := plain_text.faults_of(text, longest):
        return faults
    said = tuple(each.text for each in stretch.lines.values())
    known = tuple(stretch.names[person] for person in stretch.people.values() if person in stretch.names)
    given = verify.Given(text=text, evidence=said, known=known, names=tuple(stretch.names.values()))
    if verify.rules(given).dropped:
        return ["it says a name or number that the conversation does not have"]
    if not plain_text.stands_on(text, " ".join(said), " ".join(known)):
        return ["it says what the conversation does not"]
    return []


ENGINE = ModelEngine(
    task="extract",
    version=VERSION,
    size="small",
    instructions=INSTRUCTIONS,
    examples=EXAMPLES,
    answer=Minutes,
    show=_shown,
    read=_read,
    most=700,
)
