"""A fact as one readable sentence: who, what, to whom and when, in the words of the fact."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Self

from pydantic import Field, SkipValidation

from graphs import days
from graphs.calling import called
from graphs.wording import clause, readable
from memory.models.base import Model
from memory.models.facts import ENDED, Fact, FactStatus
from memory.models.ids import PersonId, TeamId
from memory.models.meetings import Meeting
from memory.models.messages import MessageKind
from memory.models.people import Person

LONGEST = 150
"""Characters of what somebody said, in one sentence."""
PERHAPS = "Perhaps: "
_UNSURE = 0.5
"""Log-odds below which it is told with a doubt that somebody promised or decided something.

In dev-lumenpay 14 of 26 that are less sure are labelled so, and 107 of 124 that are surer (docs/models/answer.md).
"""
_NAMED = 3
"""Others that a meeting names, at most."""

_PROMISING = re.compile(
    r"^(?:(?:ok|okay|sure|yes|yep|yeah|right|fine|np|will do)[,.!:;]?\s+)*"
    r"(?:i(?:'|’)?ll|i will|i can|i(?:'|’)m going to|i am going to|i(?:'|’)m gonna|let me|will|i shall)\s+"
    r"(?:also\s+|then\s+|just\s+|try to\s+|go ahead and\s+)*",
    re.IGNORECASE,
)
_DECIDING = re.compile(
    r"^(?:(?:ok|okay|so|alright|right)[,.!:;]?\s+)*(?:(?:decision|decided|resolved)\s*[:–-]\s*"
    r"|(?:we(?:'|’)?ve |we have |we )?(?:decided|agreed)\s*[:–-]\s*)",
    re.IGNORECASE,
)
_OWN_WORDS = re.compile(r"\b(?:i|i'm|i’m|i'll|i’ll|me|my|mine|we|we'll|we’ll|our|us|you|your)\b", re.IGNORECASE)
_BASE_VERB = re.compile(
    r"^(?:do|send|fix|write|rotate|check|review|ship|deploy|update|prepare|share|ask|call|book|draft|open|merge|"
    r"deliver|pull|add|remove|move|run|test|post|put|set|look|get|give|bring|create|finish|pick|document|file|follow|"
    r"investigate|schedule|talk|tell|confirm|make|clean|roll|upgrade|publish|organise|organize|sign|close|start)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"^\s*(?:(?:hey|hi)\s+)?(?:<@[^<>]{1,100}>[\s,:;–-]*)+", re.IGNORECASE)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}"
_LAST_DAY = re.compile(
    r"[\s,]+(?:by|until|till|on|before|this|next|for)?\s*(?:eod\s+|end of\s+|the end of\s+)?"
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|tonight|eod|eow|day|week"
    rf"|(?:the )?\d{{1,2}}(?:(?:st|nd|rd|th)?(?: of)? {_MONTH}|st|nd|rd|th)|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?)$",
    re.IGNORECASE,
)
_ON_REQUEST = re.compile(r"on “(?P<request>.+)”: (?P<words>.+)", re.DOTALL)
_ENDED: dict[FactStatus, str] = {
    "done": "done",
    "dropped": "dropped",
    "reversed": "since reversed",
    "answered": "answered",
    "cleared": "cleared",
}


class Voice(Model):
    """For whom it is said: `reader` becomes "you", days are counted from `today`."""

    team: TeamId
    names: SkipValidation[Mapping[PersonId, str]]
    today: date
    tz: str
    reader: PersonId | None = None
    short: SkipValidation[Mapping[PersonId, str]] = Field(default_factory=dict)
    """What people are called where that is enough to know whom is meant: their first name."""
    longest: int = LONGEST

    @classmethod
    def of(
        cls,
        team: TeamId,
        everybody: Mapping[PersonId, Person],
        person: PersonId,
        at: date,
        *,
        alone: bool = True,
        familiar: bool = False,
    ) -> Self:
        """Counts days as this person does at that moment, or from that day of theirs, and speaks to them.

        Of them too if they are not `alone`; `familiar`: by first names, where those are enough.
        """
        zone = everybody[person].tz if person in everybody else "UTC"
        names, short = (
            called(tuple(everybody.values())) if familiar else ({key: each.name for key, each in everybody.items()}, {})
        )
        return cls(
            team=team,
            names=names,
            short=short,
            today=days.local_day(at, zone) if isinstance(at, datetime) else at,
            tz=zone,
            reader=person if alone else None,
        )

    def name(self, person: PersonId | None, unknown: str = "Somebody") -> str:
        if person is None:
            return unknown
        if person == self.reader:
            return "You"
        return self.short.get(person) or self.names.get(person, unknown)

    def object(self, person: PersonId | None) -> str:
        name = self.name(person, "")
        return "you" if name == "You" else name

    def plain(self, text: str, longest: int = 0) -> str:
        """What somebody wrote, on one line, without whom it addresses first and without its last stop."""
        words = readable(_ADDRESS.sub("", text), self.names, self.team)
        return clause(words, longest or self.longest).rstrip(" .!;:,&")

    def unaddressed(self, words: str, person: PersonId | None) -> str:
        """Without the name of whom they are said to, where they begin with it: the sentence around them says it."""
        name = self.names.get(person, "") if person else ""
        rest = words.removeprefix(name).lstrip(" ,:;–-") if name else words
        return rest if rest and words[len(name) :][:1] in {" ", ",", ":", ";"} else words


def of_fact(fact: Fact, voice: Voice, stated_by: MessageKind = "human") -> str:
    """The fact in one sentence, with what became of it; `stated_by`: what kind of message states it."""
    said = voice.plain(fact.statement)
    if stated_by in {"review_request", "review"}:
        return with_ending(_review(fact, said, stated_by, voice), fact)
    tell = {"commitment": _promise, "decision": _decision, "question": _question, "blocker": _blocker}
    sentence = tell[fact.kind](fact, said, voice) if fact.kind in tell else _update(fact, said, voice)
    return with_ending(sentence, fact)


def hedged(fact: Fact, voice: Voice) -> str:
    """As `of_fact`, with a word of doubt where it is not sure that somebody promised or decided anything.

    Of what else somebody said the words are quoted, and there is nothing to doubt.
    """
    told = of_fact(fact, voice)
    binds = fact.kind in {"commitment", "decision"} and fact.status not in ENDED
    return f"{PERHAPS}{told}" if binds and fact.log_odds < _UNSURE else told


def inside(sentence: str) -> str:
    """A sentence as it goes on after other words: names keep their capitals."""
    first = sentence.partition(" ")[0]
    return sentence[0].lower() + sentence[1:] if first in {"You", "Your", "Somebody", "Asked"} else sentence


def with_ending(sentence: str, fact: Fact) -> str:
    """The sentence with what became of the fact."""
    ended = ending(fact)
    return f"{sentence} – {ended}." if ended else closed(sentence)


def ending(fact: Fact) -> str:
    """What became of it, in a few words; nothing while it stands."""
    return _ENDED.get(fact.status) or ("others say otherwise" if fact.disputed else "")


def quoted(opening: str, day: date, text: str, voice: Voice) -> str:
    """A message as a sentence: `Ben wrote in #ops`, when, and in which words."""
    return closed(f"{opening} {days.on(day, voice.today)}: “{voice.plain(text)}”")


def dates_in(fact: Fact, voice: Voice) -> tuple[str, ...]:
    """The dates that `of_fact` may speak of, as it words them: known from the fact, not from its evidence."""
    said = [days.on(days.local_day(fact.valid_from, voice.tz), voice.today)]
    return (*said, days.by(fact.due, voice.today)) if fact.due else tuple(said)


def closed(sentence: str) -> str:
    return sentence if sentence.rstrip("”").endswith(("?", "…")) else f"{sentence}."


def _when(fact: Fact, voice: Voice) -> str:
    return days.on(days.local_day(fact.valid_from, voice.tz), voice.today)


def of_meeting(meeting: Meeting, words: str, voice: Voice) -> str:
    """When it is, what it is called, with whom, and the first thing that its invitation says."""
    title, _, more = words.partition("\n")
    begins, ends = (at.astimezone(days.zone(voice.tz)) for at in (meeting.starts_at, meeting.ends_at))
    told = closed(f"{begins:%H:%M}–{ends:%H:%M} {voice.plain(title)}{_company(meeting, voice)}")
    more = voice.plain(more)
    return f"{told} {closed(f'{more[0].upper()}{more[1:]}')}" if more else told


def around(meeting: Meeting, voice: Voice) -> tuple[str, ...]:
    """What `of_meeting` may say though no invitation says it: when, and with whom."""
    begins, ends = (at.astimezone(days.zone(voice.tz)) for at in (meeting.starts_at, meeting.ends_at))
    names = (voice.names.get(person, "") for person in meeting.attendees)
    return (f"{begins:%H:%M}–{ends:%H:%M}", f"{begins:%H:%M}", f"{ends:%H:%M}", _company(meeting, voice), *names)


def _company(meeting: Meeting, voice: Voice) -> str:
    others = [voice.name(each) for each in meeting.attendees if each != voice.reader and each in voice.names]
    if not others:
        return ""
    if len(others) <= _NAMED:
        return f" with {' and '.join(part for part in (', '.join(others[:-1]), others[-1]) if part)}"
    return f" with {', '.join(others[: _NAMED - 1])} and {days.counted(len(others) - _NAMED + 1)} others"


def _review(fact: Fact, said: str, stated_by: MessageKind, voice: Voice) -> str:
    whose = "your" if fact.counterparty_id == voice.reader else f"{voice.object(fact.counterparty_id) or 'somebody'}’s"
    if stated_by == "review":
        changes = said.rpartition(" – ")[0] or said
        return f"{voice.name(fact.actor_id)} wants changes in {whose} {changes}"
    asks = "ask" if fact.actor_id == voice.reader else "asks"
    since = days.on(days.local_day(fact.valid_from, voice.tz), voice.today)
    return f"{voice.name(fact.actor_id)} {asks} for {whose} review, since {since.removeprefix('on ')}: {said}"


def _promise(fact: Fact, said: str, voice: Voice) -> str:
    who, whom = voice.name(fact.actor_id), voice.object(fact.counterparty_id)
    due = f" {_due(fact, voice)}" if fact.due else ""
    own = voice.names.get(fact.actor_id, "") if fact.actor_id else ""
    if fact.engine == "person" and own and not said.startswith(own):
        when = f", due{due.removeprefix(' by')}" if due else ""
        return f"{who} {'own' if who == 'You' else 'owns'} this{when}: “{said}”"
    words = said.removeprefix(f"{own} will ") if own else said
    deed = _deed(words, sure=words != said)
    if deed:
        if fact.due:
            deed = _LAST_DAY.sub("", deed) or deed
        opening = f"{who} promised" if not whom or whom in deed else f"{who} promised {whom}"
        if due or not ending(fact):
            return f"{opening} to {deed}{due or ' – said ' + _when(fact, voice)}"
        return f"{opening} {_when(fact, voice)} to {deed}"
    told = _in_their_words(fact, words.removeprefix(f"{own}: ") if own else words, voice)
    aside = "," if ending(fact) else " –"  # one dash a sentence: what became of it has that
    return f"{told}{aside} due {due.removeprefix(' by ')}" if due else told


def _in_their_words(fact: Fact, words: str, voice: Voice) -> str:
    """A promise whose words cannot be turned: who said it to whom, or to what they said yes, in quotes."""
    who, whom, when = voice.name(fact.actor_id), voice.object(fact.counterparty_id), _when(fact, voice)
    own = voice.names.get(fact.actor_id, "") if fact.actor_id else ""
    if reply := _ON_REQUEST.match(voice.plain(fact.statement, len(fact.statement)).removeprefix(f"{own} ")):
        half = voice.longest // 2  # each is cut for itself: a cut through both would leave neither to tell apart
        asker = f"{voice.name(fact.counterparty_id)} asked" if whom else "Asked"
        told = "you answered" if who == "You" else f"{who} answered"
        request = voice.plain(voice.unaddressed(reply["request"], fact.actor_id), half)
        answer = voice.plain(voice.unaddressed(reply["words"], fact.counterparty_id), half)
        return f"{asker} “{request}”, and {told} {when}: “{answer}”"
    words = voice.unaddressed(words, fact.counterparty_id)
    return f"{who} told {whom} {when}: “{words}”" if whom else f"{who} said {when}: “{words}”"


def _due(fact: Fact, voice: Voice) -> str:
    """By when; how long ago that was matters only while it is open."""
    if fact.due is None:
        return ""
    settled = ending(fact) and fact.due < voice.today
    return f"by {days.calendar_day(fact.due, voice.today)}" if settled else days.by(fact.due, voice.today)


def _deed(said: str, *, sure: bool) -> str:
    """What was promised, as words that can follow "promised to"; empty when only a quote would be true to it.

    `sure`: the words are known to be a deed, whatever verb they begin with.
    """
    deed = _PROMISING.sub("", said)
    if not deed or _OWN_WORDS.search(deed) or (deed == said and not sure and not _BASE_VERB.match(deed)):
        return ""
    return deed if _is_name(deed) else deed[0].lower() + deed[1:]


def _is_name(words: str) -> bool:
    """Whether the first word keeps its capitals: `API`, `INC-412`."""
    later = words.split(maxsplit=1)[0][1:]
    return later != later.lower()


def _decision(fact: Fact, said: str, voice: Voice) -> str:
    verb = "proposed" if fact.status == "proposed" else "decided"
    return f"{voice.name(fact.actor_id)} {verb} {_when(fact, voice)}: {_in_quotes(_DECIDING.sub('', said) or said)}"


def _question(fact: Fact, said: str, voice: Voice) -> str:
    whom = voice.object(fact.counterparty_id)
    asked = f"{voice.name(fact.actor_id)} asked {whom}".rstrip()
    said = voice.unaddressed(said, fact.counterparty_id)
    question = said if said.endswith(("?", "…")) else f"{said}?"
    return f"{asked} {_when(fact, voice)}: {_in_quotes(question)}"


def _blocker(fact: Fact, said: str, voice: Voice) -> str:
    who = voice.name(fact.actor_id)
    be = "have been" if who == "You" else "has been"
    whom = voice.object(fact.counterparty_id)
    by = f", waiting for {whom}" if whom else ""
    since = days.spoken(days.local_day(fact.valid_from, voice.tz), voice.today)
    return f"{who} {be} blocked since {since}{by}: {_in_quotes(said)}"


def _update(fact: Fact, said: str, voice: Voice) -> str:
    return f"{voice.name(fact.actor_id)} reported {_when(fact, voice)}: {_in_quotes(said)}"


def _in_quotes(said: str) -> str:
    """Words that speak of "I" or "you", and more than one sentence, are somebody's own, and shown so."""
    return f"“{said}”" if _OWN_WORDS.search(said) or ". " in said else said
