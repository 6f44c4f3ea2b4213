"""Rank: topics and a reader -> what to tell them, in order, each position with its reasons.

In: what the reader may read, who they are, and since when. Out: entries by section, best first. The score is the sum of
the reasons' weights and ties go by id, so the same input gives the same order. Small talk and bots' lines stay out.
What was told and has not changed is not told again, except what still waits for the reader or is due from them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from graphs import days, lessons, meetings, preferences, relevance, smalltalk
from graphs.entries import SOURCES, Entry, best_first, fingerprint, once, order
from graphs.ports import Context
from graphs.preferences import Preferences
from graphs.reasons import CLOSE, STANDING, URGENT, WORDS, Code, Reason
from graphs.relevance import Light, View
from graphs.tasks.consolidate import Topic
from graphs.tasks.contextualise import ReaderContext
from memory.models.base import Model
from memory.models.briefings import Section
from memory.models.containers import Container
from memory.models.conversations import Conversation
from memory.models.facts import Fact
from memory.models.ids import ConversationId, FactId, MessageId
from memory.models.meetings import Meeting

VERSION = "rules-1"
_NEEDS = 60
"""The score from which an urgent entry is among the three."""
_FORGET = timedelta(days=14)
"""What nobody has touched for so long no longer waits."""
_MENTION_WAITS = timedelta(days=4)
_UNSURE = -0.4
_ONE_MATTER = 2
_NOTABLE = 8
"""Messages that make a conversation worth a line."""
_SAID = frozenset({"human", "change", "review_request", "review", "merge"})
_TELLING = 6
"""Words from which a message can stand for its conversation: not "hey friends"."""


class Given(Model):
    """`messages` and `containers` are of everything cited; `since` is when the reader was last told."""

    topics: tuple[Topic, ...]
    context: ReaderContext
    facts: tuple[Fact, ...]
    conversations: tuple[Conversation, ...]
    messages: tuple[Light, ...]
    containers: tuple[Container, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    now: datetime
    since: datetime


class Found(Model):
    entries: tuple[Entry, ...]


class UnexplainedOrder(ValueError):
    """A position has no reason or source, a section is overfull, or the order is not that of the scores."""


async def run(given: Given, context: Context) -> Found:  # noqa: ARG001  # the model engine will need the context
    found = rules(given)
    check(given, found)
    return found


def rules(given: Given) -> Found:
    view = view_of(given)
    entries = [e for fact in given.facts if (e := _fact_entry(fact, view, given)) and _speaks(fact, view)]
    told_of = {m for fact in given.facts for m in (e.message_id for e in fact.evidence)}
    entries += _mentions(view, given, told_of)
    entries += _notable(view, given, {f.conversation_id for f in given.facts})
    chosen = given.context.preferences
    entries = heard(entries, view)
    entries += meetings.entries(given.meetings, [f for f in given.facts if f.container_id not in chosen.muted], view)
    known = {fact.fact_id: fact for fact in given.facts}
    learnt = lessons.applied(entries, given.facts, view)
    return Found(entries=_placed(once(_fresh(learnt, view, known), given.topics, known, _long(given)), chosen))


def view_of(given: Given) -> View:
    """What was given, looked at from its reader."""
    return View(
        reader=given.context,
        conversations={c.conversation_id: c for c in given.conversations},
        messages={m.message_id: m for m in given.messages},
        containers={c.container_id: c for c in given.containers},
        today=days.local_day(given.now, given.context.person.tz),
        now=given.now,
    )


def heard(entries: Iterable[Entry], view: View) -> list[Entry]:
    """Without what the reader has muted."""
    places = {key: talk.container_id for key, talk in view.conversations.items()}
    asking = (m.message_id for m in view.messages.values() if m.asks)
    return preferences.heard(entries, places, asking, view.reader.preferences)


def check(given: Given, found: Found) -> None:
    """Raises `UnexplainedOrder` unless each position explains itself and every section keeps its limit."""
    known = {m.message_id for m in given.messages}
    wrong = [f"{e.anchor_id} has no reason" for e in found.entries if not e.reasons]
    wrong += [f"{e.anchor_id} has no source" for e in found.entries if not known & {*e.message_ids}]
    counts = Counter(e.section for e in found.entries)
    wrong += preferences.overfull(counts, given.context.preferences)
    if list(found.entries) != sorted(found.entries, key=order):
        wrong.append("the order is not that of the scores")
    if wrong:
        raise UnexplainedOrder("; ".join(wrong[:3]))


def _speaks(fact: Fact, view: View) -> bool:
    """Whether a person said it, and meant it."""
    evidence = view.evidence(fact)
    human = any(m.kind in _SAID for m in evidence)
    jokes = all(m.is_idle for m in evidence if m.text.strip())
    meant = fact.engine == "person" or not (evidence and any(m.text.strip() for m in evidence) and jokes)
    return human and meant and fact.log_odds >= _UNSURE and not smalltalk.is_small_talk(fact.statement)


def _fact_entry(fact: Fact, view: View, given: Given) -> Entry | None:
    """The fact as an entry, where it is new or still matters; else nothing."""
    moved = view.moved_at(fact)
    told, due = fact.fact_id in view.told, fact.fact_id in view.reader.due
    forgotten = max(_FORGET, given.now - given.since) + _overdue_grace(fact)
    if moved > given.now or (not due and given.now - moved > forgotten):
        return None
    reasons = lessons.asked_again(fact, relevance.of_fact(fact, view), view)
    codes = {r.code for r in reasons}
    if moved < given.since and not codes & STANDING and not told and not due:
        return None
    section = _section(fact, codes, told=told, mine=fact.actor_id == view.me)
    if section is None:
        return None
    return Entry(
        anchor_id=fact.fact_id,
        anchor="fact",
        section=section,
        score=_score(reasons, fact),
        reasons=reasons,
        fact_ids=(fact.fact_id,),
        conversation_id=fact.conversation_id,
        message_ids=tuple(m.message_id for m in view.evidence(fact))[:SOURCES],
        tag="resolved" if fact.status in {"done", "dropped", "answered", "cleared"} else "new",
        fingerprint=fingerprint(fact.kind, fact.status, fact.due, fact.statement),
    )


def _long(given: Given) -> frozenset[ConversationId]:
    """Conversations with room for more than one matter."""
    return frozenset(c.conversation_id for c in given.conversations if len(c.message_ids) > _ONE_MATTER)


def _overdue_grace(fact: Fact) -> timedelta:
    """A promise is not forgotten before its day has come."""
    return max(fact.due - fact.valid_from.date(), timedelta()) if fact.due else timedelta()


def _score(reasons: Iterable[Reason], fact: Fact | None = None) -> float:
    """The sum of what speaks for it; an unsure fact counts for less."""
    doubt = min(fact.log_odds, 0) * 20 if fact else 0
    return round(sum(r.weight for r in reasons) + doubt, 3)


def _section(fact: Fact, codes: set[Code], *, told: bool, mine: bool) -> Section | None:
    """Where a fact belongs when it is not among the three; nothing where it is no news for this reader."""
    settled = fact.status in {"done", "dropped", "answered", "cleared"}
    promise = codes & {c for c in WORDS if c.startswith(("my_promise", "owed_to_you", "kept_for_you"))}
    if fact.kind == "commitment":
        close = codes & {"report_late", "you_follow_person"}
        return "promises" if promise or close or (settled and told) else None
    if fact.kind == "decision":
        return "decisions" if told or fact.status != "reversed" else None
    if settled and not told:
        return None
    close = codes & {"asked_again", *CLOSE}
    if fact.kind == "blocker":
        return "blocked" if close and (not settled or mine) else None
    if fact.kind == "update" and mine:
        return None
    waits = codes & {"asked_again", "asked_of_you", "unanswered_yours", "you_follow_person"}
    return "also" if fact.kind == "update" or waits else None


def _mentions(view: View, given: Given, told_of: set[MessageId]) -> list[Entry]:
    """What people wrote to the reader by name and got no answer to, where no fact tells of it already."""
    waiting: dict[ConversationId, list[Light]] = defaultdict(list)
    for m in sorted(given.messages, key=lambda m: (m.posted_at, m.message_id)):
        key = view.home.get(m.message_id)
        if key is None or view.me not in m.mentions or m.message_id in told_of:
            continue
        if m.kind != "human" or m.author_id == view.me:
            continue
        age = given.now - m.posted_at
        recent = timedelta() <= age <= max(_MENTION_WAITS, given.now - given.since) and (
            m.asks or m.posted_at >= given.since
        )
        recent = recent or key in view.reader.due
        if recent and not m.is_idle and not view.answered_by_me(key, m.posted_at):
            waiting[key].append(m)
    return [_mention_entry(key, messages, view) for key, messages in waiting.items()]


def _mention_entry(key: ConversationId, messages: list[Light], view: View) -> Entry:
    """The newest request stands for the conversation, or its newest mention if none asks for anything."""
    asking = [m for m in messages if m.asks]
    shown = (asking or messages)[-1]
    first = Reason(code="mentioned", weight=78 if asking else 22, person_id=shown.author_id)
    known = [first, *relevance.place(key, shown.container_id, view), *relevance.relations(shown.author_id, view)]
    known += relevance.chosen(shown.author_id, shown.container_id, view)
    reasons = lessons.asked_again(key, known, view)
    return Entry(
        anchor_id=key,
        anchor="conversation",
        section="also",
        score=_score(reasons),
        reasons=reasons,
        conversation_id=key,
        message_ids=(shown.message_id,),
        fingerprint=fingerprint(shown.message_id),
    )


def _notable(view: View, given: Given, with_facts: set[ConversationId]) -> list[Entry]:
    """Conversations that many took part in, and of which no fact tells."""
    found = []
    for c in given.conversations:
        messages = [m for m in view.of(c.message_ids) if m.kind == "human"]
        fresh = [m for m in messages if given.since <= m.posted_at <= given.now]
        due = c.conversation_id in view.reader.due
        if c.conversation_id in with_facts or not (fresh or due) or smalltalk.is_small_talk(c.topic, c.gist):
            continue
        talk = [m for m in messages if not smalltalk.is_pleasantry(m.text)]
        people = {m.author_id for m in talk}
        if len(talk) < _NOTABLE or len(people) < 3 or smalltalk.is_small_talk(*(m.text for m in talk)):
            continue
        opening = next((m for m in talk if len(m.text.split()) >= _TELLING), talk[0])
        reasons = lessons.asked_again(c.conversation_id, relevance.of_conversation(c, view), view)
        found.append(
            Entry(
                anchor_id=c.conversation_id,
                anchor="conversation",
                section="also",
                score=_score(reasons),
                reasons=reasons,
                conversation_id=c.conversation_id,
                message_ids=(opening.message_id,),
                fingerprint=fingerprint(len(talk)),
            )
        )
    return found


def _fresh(entries: list[Entry], view: View, facts: Mapping[FactId, Fact]) -> list[Entry]:
    """Without what was told and has not changed; the rest tagged by what became of it since."""
    told = relevance.by_anchor(view.reader)
    kept = []
    for entry in entries:
        earlier = told.get(entry.anchor_id)
        if not earlier:
            beside = entry.anchor == "fact" and view.told_since(facts[entry.fact_ids[0]])
            if not beside:
                kept.append(entry)
            elif _still_waits(entry):
                kept.append(entry.model_copy(update={"tag": "still_open"}))
            continue
        if earlier[-1][1] != entry.fingerprint:
            kept.append(entry if entry.tag == "resolved" else entry.model_copy(update={"tag": "changed"}))
        elif not any(done and said == entry.fingerprint for _, said, done in earlier) and _still_waits(entry):
            kept.append(entry.model_copy(update={"tag": "still_open"}))
    return kept


def _still_waits(entry: Entry) -> bool:
    return entry.anchor == "meeting" or bool(entry.codes & (lessons.WAITING | {"asked_again"}))


def _placed(entries: list[Entry], chosen: Preferences) -> tuple[Entry, ...]:
    """The best three that need the reader first, the rest in their sections, each within its limit."""
    ordered = best_first(entries)
    urgent = [e for e in ordered if e.score >= _NEEDS and e.codes & URGENT]
    first = {e.anchor_id for e in urgent[: preferences.limits(chosen)["needs_you"]]}
    moved = [e.model_copy(update={"section": "needs_you"}) if e.anchor_id in first else e for e in ordered]
    fits = preferences.fitting([e.section for e in moved], chosen)
    kept = [entry for entry, fit in zip(moved, fits, strict=True) if fit]
    return tuple(sorted(kept, key=order))
