"""What a reader's feedback means for the next mornings: what is told no more, what comes back, what counts for less.

Pure: the same feedback on the same day leads to the same order, whatever order it comes in. Taking feedback back takes
back what follows from it. Lessons fade, and those from mere news never touch what clearly waits for the reader.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from graphs import days
from graphs.entries import Entry
from graphs.reasons import LEARNT, OF_THE_KIND, STANDING, Code, Reason, heaviest_first
from graphs.relevance import View
from memory.briefings import Explained, Told
from memory.feedback import Said
from memory.models.base import Model
from memory.models.briefings import Ground, Grounds
from memory.models.facts import ENDED, Fact, FactKind
from memory.models.ids import ContainerId, ConversationId, FactId, ItemId, PersonId

WAITING: frozenset[Code] = STANDING | {"mentioned"}
"""What clearly waits for the reader."""
FRESH, FADED = 30, 60
"""Days for which a lesson counts in full, and for which it counts at all."""
_ASKED = 50.0
"""What it counts that the reader asked to see something again."""
_LESS_HERE, _LESS_FROM, _LESS_SUCH = 3.0, 2.0, 1.0
"""What one *Not for me* takes from others of the kind there, by that person, and with the same reason."""
_MOST = 5.0
"""Presses from which more change nothing."""
_FLOOR = 0.0
"""What lessons bring down to this is not told any more."""
_DONES = 3
"""*Done* on so many of a kind says that they are of use."""
_MORE_HERE = 1.5
_OF_THE_PLACE: frozenset[Code] = frozenset({"took_part", "your_channel", "reach", "replies", "reactions"})
_UNTELLING: frozenset[str] = frozenset({"asked_again", *OF_THE_KIND, *_OF_THE_PLACE, *LEARNT})
"""Reasons that say nothing about why just this was there."""


class Lesson(Model):
    """What was learnt of one kind of thing in one place, and from which items."""

    kind: FactKind | None = None
    """None: conversations of which no fact tells."""
    container_id: ContainerId
    direction: Literal["less", "more"]
    presses: int
    actor_id: PersonId | None = None
    """Who acted in all of them, if it was one person."""
    items: tuple[ItemId, ...]
    latest: datetime

    @property
    def key(self) -> str:
        """Names it among its reader's lessons."""
        return f"{self.direction}:{self.kind or 'conversation'}:{self.container_id}"


@dataclass
class _Presses:
    """How often something was declined, each press by its strength; `waiting`: of those, what clearly waited."""

    news: float = 0.0
    waiting: float = 0.0

    def add(self, strength: float, *, waited: bool) -> None:
        self.news += 0 if waited else strength
        self.waiting += strength if waited else 0

    def heard(self, *, waits: bool) -> float:
        return min(self.waiting if waits else self.waiting + self.news, _MOST)


class _Learnt:
    """A reader's feedback, counted by what the items it was about have in common."""

    def __init__(self, said: Iterable[Said], today: date, tz: str) -> None:
        self.here: dict[tuple[object, ...], _Presses] = defaultdict(_Presses)
        self.by: dict[tuple[object, ...], _Presses] = defaultdict(_Presses)
        self.such: dict[str, _Presses] = defaultdict(_Presses)
        self.done: dict[tuple[object, ...], float] = defaultdict(float)
        for each in sorted(said, key=lambda s: (s.at, s.item_id)):
            strength = _strength(each, today, tz)
            like = each.grounds
            if each.kind == "done" and like.container_id:
                self.done[like.kind, like.container_id] += strength
            if each.kind != "declined" or not strength:
                continue
            codes = [reason.code for reason in like.reasons]
            waited = bool(WAITING & {*codes})
            if like.container_id:
                self.here[like.kind, like.container_id].add(strength, waited=waited)
            if like.actor_id:
                self.by[like.kind, like.actor_id].add(strength, waited=waited)
            if code := _telling(codes):
                self.such[code].add(strength, waited=waited)

    def reasons(self, like: Grounds) -> list[Reason]:
        """What this speaks for or against telling something like that."""
        codes = [each.code for each in like.reasons]
        waits = bool(WAITING & {*codes})
        here = self.here.get((like.kind, like.container_id), _Presses()).heard(waits=waits)
        by = self.by.get((like.kind, like.actor_id), _Presses()).heard(waits=waits)
        such = self.such.get(_telling(codes), _Presses()).heard(waits=waits)
        found = [
            Reason(code="less_here", weight=-_LESS_HERE * here, detail=_times(here)),
            Reason(code="less_from", weight=-_LESS_FROM * by, person_id=like.actor_id, detail=_times(by)),
            Reason(code="less_such", weight=-_LESS_SUCH * such, detail=_times(such)),
        ]
        done = self.done.get((like.kind, like.container_id), 0)
        if done >= _DONES:
            weight = _MORE_HERE * min(done - _DONES + 1, _DONES)
            found.append(Reason(code="more_here", weight=weight, detail=days.counted(round(done))))
        return [each for each in found if each.weight]


def due(said: Iterable[Said], told: Iterable[Told], today: date) -> frozenset[UUID]:
    """What the reader put off until today or an earlier day, and was not told since that day."""
    last: dict[UUID, date] = {}
    for each in told:
        last[each.anchor_id] = max(each.local_date, last.get(each.anchor_id, date.min))
    return frozenset(
        anchor
        for anchor, each in _latest(said).items()
        if anchor == each.anchor_id and each.until and last.get(anchor, date.min) < each.until <= today
    )


def asked_again(about: Fact | ConversationId, reasons: Iterable[Reason], view: View) -> tuple[Reason, ...]:
    """The reasons, heaviest first, with that the reader asked to see it again by now, where it has not ended."""
    anchor = about.fact_id if isinstance(about, Fact) else about
    ended = isinstance(about, Fact) and about.status in ENDED
    asked = [Reason(code="asked_again", weight=_ASKED)] if anchor in view.reader.due and not ended else []
    return heaviest_first([*reasons, *asked])


def applied(entries: Sequence[Entry], facts: Iterable[Fact], view: View) -> list[Entry]:
    """The entries as the reader's feedback leaves them: without what is to be silent, the rest weighed anew."""
    said = view.reader.said
    if not said:
        return [*entries]
    known = {fact.fact_id: fact for fact in facts}
    latest = _latest(said)
    learnt = _Learnt(said, view.today, view.reader.person.tz)
    kept = []
    for entry in entries:
        fact = known.get(entry.fact_ids[0]) if entry.fact_ids else None
        moved_at = view.moved_at(fact) if fact else None
        last = latest.get(entry.anchor_id)
        if last and silenced(last, entry.anchor_id, entry.fingerprint, moved_at, view.today):
            continue
        talk = view.conversations.get(entry.conversation_id)
        found = learnt.reasons(_grounds(entry, fact, talk.container_id if talk else None))
        change = sum(each.weight for each in found)
        score = round(entry.score + change, 3)
        if change < 0 and score <= _FLOOR and not WAITING & {each.code for each in entry.reasons}:
            continue
        kept.append(entry.model_copy(update={"score": score, "reasons": heaviest_first([*entry.reasons, *found])}))
    return kept


def silenced(last: Said, anchor: UUID, fingerprint: str, moved_at: datetime | None, today: date) -> bool:
    """Whether the reader's last word keeps this away: not for them, not before its day, or done and as it was."""
    match last.kind:
        case "declined":
            return True
        case "snoozed":
            return last.until is not None and today < last.until
        case "done" if anchor == last.anchor_id:
            return fingerprint == last.fingerprint
        case "done":  # it was told together with another
            return moved_at is None or moved_at <= last.at


def learnt(said: Iterable[Said], today: date, tz: str) -> list[Lesson]:
    """What was learnt and still counts, the latest first."""
    groups: dict[tuple[Literal["less", "more"], FactKind | None, ContainerId], list[Said]] = defaultdict(list)
    for each in said:
        like = each.grounds
        if like.container_id and each.kind != "snoozed" and _strength(each, today, tz):
            groups["less" if each.kind == "declined" else "more", like.kind, like.container_id].append(each)
    found = []
    for (direction, kind, container), members in groups.items():
        if direction == "more" and sum(_strength(each, today, tz) for each in members) < _DONES:
            continue
        actors = {each.grounds.actor_id for each in members}
        found.append(
            Lesson(
                kind=kind,
                container_id=container,
                direction=direction,
                presses=len(members),
                actor_id=next(iter(actors)) if len(actors) == 1 and direction == "less" else None,
                items=tuple(sorted(each.item_id for each in members)),
                latest=max(each.at for each in members),
            )
        )
    return sorted(found, key=lambda each: (-each.latest.timestamp(), each.key))


def explained(
    entry: Entry,
    facts: Mapping[FactId, Fact],
    places: Mapping[ConversationId, ContainerId],
    names: Mapping[PersonId, str],
) -> Explained:
    """All that put an entry where it stands: for memory by codes, for its reader in words."""
    fact = facts.get(entry.fact_ids[0]) if entry.fact_ids else None
    return Explained(
        grounds=_grounds(entry, fact, places.get(entry.conversation_id)),
        wordings=tuple(" ".join(each.named(names).split()) for each in entry.reasons),
    )


def _grounds(entry: Entry, fact: Fact | None, place: ContainerId | None) -> Grounds:
    mentioned = next((each.person_id for each in entry.reasons if each.code == "mentioned"), None)
    return Grounds(
        kind=fact.kind if fact else None,
        container_id=fact.container_id if fact else place,
        actor_id=fact.actor_id if fact else mentioned,
        reasons=tuple(Ground(code=each.code, weight=each.weight, person_id=each.person_id) for each in entry.reasons),
    )


def _latest(said: Iterable[Said]) -> dict[UUID, Said]:
    """The last word on each anchor; it holds for all facts that were told with it."""
    last: dict[UUID, Said] = {}
    for each in sorted(said, key=lambda s: (s.at, s.item_id)):
        last |= dict.fromkeys((*each.fact_ids, each.anchor_id), each)
    return last


def _strength(said: Said, today: date, tz: str) -> float:
    age = (today - days.local_day(said.at, tz)).days
    if not said.taught or age >= FADED:
        return 0.0
    return 1.0 if age < FRESH else 0.5


def _telling(codes: Iterable[str]) -> str:
    """The heaviest reason that says why just this was there."""
    return next((code for code in codes if code not in _UNTELLING), "")


def _times(presses: float) -> str:
    return {1: "once", 2: "twice"}.get(max(round(presses), 1)) or f"{days.counted(round(presses))} times"
