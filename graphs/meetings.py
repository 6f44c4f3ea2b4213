"""The day's meetings: which of them ask something of their reader, and what is open between those who meet."""

import re
from collections.abc import Iterable, Sequence

from graphs.entries import Entry, fingerprint
from graphs.reasons import Reason, heaviest_first
from graphs.relevance import Light, View
from graphs.tasks.rarity import rarity_of
from graphs.tasks.stems import stems_of
from memory.models.facts import ENDED, Fact
from memory.models.ids import PersonId, conversation_id
from memory.models.meetings import Meeting

_SOCIAL = re.compile(
    r"\b(?:lunch|coffee|breakfast|dinner|drinks?|beers?|party|birthday|farewell|leaving do|social|yoga|"
    r"games?|quiz|cake)\b",
    re.IGNORECASE,
)
_ROUTINE = re.compile(
    r"\b(?:weekly|daily|bi-?weekly|stand-?up|sync|demos?|all[- ]hands|town ?hall|office hours|hold|focus|blocker?|ooo|"
    r"out of office|catch-?up)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:please|read|bring|prepare|prep|review|fill|submit|send|add|come with|have .{1,40} ready|must|needs? to|due|"
    r"before (?:you|the|we)|in advance|beforehand)\b",
    re.IGNORECASE,
)
_CROWD = 12
"""Invited from which on a meeting is for everybody, and nobody in particular."""
_FEW = 3
"""Invited up to which whatever is open between them is for the meeting."""
_TOUCHES = 1.5
"""Rarity that words of a meeting and of a fact share, from which one is about the other."""


def entries(meetings: Iterable[Meeting], facts: Sequence[Fact], view: View) -> list[Entry]:
    """One for each meeting of the day, with what is open between those invited."""
    return [_entry(each, view.messages[each.message_id], facts, view) for each in meetings if _is_known(each, view)]


def _is_known(meeting: Meeting, view: View) -> bool:
    return meeting.message_id in view.messages and bool(view.messages[meeting.message_id].text.strip())


def _entry(meeting: Meeting, said: Light, facts: Sequence[Fact], view: View) -> Entry:
    crowded = _is_for_all(meeting, said.text)
    topic = None if crowded else open_between(meeting, said.text, facts, view)
    reasons = heaviest_first(_reasons(said, view, topic, crowded=crowded))
    cited = [m.message_id for m in view.evidence(topic)[:1]] if topic else []
    return Entry(
        anchor_id=meeting.container_id,
        anchor="meeting",
        section="today",
        score=round(sum(reason.weight for reason in reasons), 3),
        reasons=reasons,
        also=(topic.fact_id,) if topic else (),
        conversation_id=topic.conversation_id if topic else conversation_id(meeting.message_id),
        message_ids=(meeting.message_id, *cited),
        fingerprint=fingerprint(meeting.starts_at, meeting.ends_at, said.text),
        at=meeting.starts_at,
    )


def _is_for_all(meeting: Meeting, words: str) -> bool:
    """Whether nobody in particular is needed there."""
    title = words.partition("\n")[0]
    return len(meeting.attendees) >= _CROWD or _SOCIAL.search(title) is not None


def _reasons(said: Light, view: View, topic: Fact | None, *, crowded: bool) -> list[Reason]:
    title, _, description = said.text.partition("\n")
    if crowded:
        found = [Reason(code="meeting_for_all", weight=30)]
    else:
        found = [Reason(code="meeting", weight=54 if _ROUTINE.search(title) else 80)]
    if _ASKS.search(description):
        found.append(Reason(code="meeting_asks", weight=10))
    if said.author_id == view.me:
        found.append(Reason(code="your_meeting", weight=5))
    if topic is not None:
        found.append(Reason(code="meeting_open", weight=4))
    return found


def open_between(meeting: Meeting, words: str, facts: Sequence[Fact], view: View) -> Fact | None:
    """What is open that the meeting is about; of a meeting of a few, else what one of them owes another."""
    there = {*meeting.attendees}
    about = stems_of(words)
    best: tuple[float, str] = (0.0, "")
    found = None
    for fact in facts:
        if fact.status in ENDED or fact.kind == "update" or fact.status == "decided" or fact.actor_id not in there:
            continue
        if fact.kind != "commitment" and view.addresses_me(fact):
            continue  # it waits for the reader today, meeting or not
        conversation = view.conversations.get(fact.conversation_id)
        told = " ".join((fact.statement, conversation.topic if conversation else ""))
        touches = sum(rarity_of(word) for word in sorted({*about} & {*stems_of(told)}))
        between = len(there) <= _FEW and _between(fact, there)
        if touches >= _TOUCHES or between:
            rank = (touches + (1 if between else 0) + (0.5 if fact.counterparty_id in there else 0), str(fact.fact_id))
            if rank > best:
                best, found = rank, fact
    return found


def _between(fact: Fact, there: set[PersonId]) -> bool:
    return fact.counterparty_id in there and fact.counterparty_id != fact.actor_id
