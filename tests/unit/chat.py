"""Messages for the tests, without naming every field."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from memory.models.ids import ConversationId, PersonId, TeamId, container_id, conversation_id, message_id, person_id
from memory.models.messages import Message, MessageKind

TEAM = TeamId("T1")
ROOM = container_id(TEAM, "slack", "C1")
MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
NAMES = {person_id(TEAM, "slack", f"U{name.upper()}"): name for name in ("Ana", "Bo", "Cy")}
"""Ana, Bo and Cy, known to Slack as UANA, UBO and UCY."""


def person(name: str) -> PersonId:
    return person_id(TEAM, "slack", f"U{name.upper()}")


def message(
    name: str,
    text: str,
    minute: float = 0,
    *,
    thread: str | None = None,
    kind: MessageKind = "human",
    mentions: Sequence[str] = (),
) -> Message:
    at = MONDAY + timedelta(minutes=minute)
    ts = f"{at.timestamp():.6f}"
    return Message(
        message_id=message_id(ROOM, ts),
        team_id=TEAM,
        container_id=ROOM,
        external_ts=ts,
        thread_ts=thread,
        author_id=person(name),
        kind=kind,
        posted_at=at,
        text=text,
        mentions=tuple(person(each) for each in mentions),
    )


def talk(*lines: str) -> tuple[Message, ...]:
    """One message a minute; each line is "name: text", and <@UANA> in it mentions Ana."""
    told = []
    for minute, line in enumerate(lines):
        name, _, text = line.partition(": ")
        told.append(
            message(name, text, minute, mentions=[each for each in NAMES.values() if f"<@U{each.upper()}>" in text])
        )
    return tuple(told)


def conversation(messages: Sequence[Message]) -> ConversationId:
    return conversation_id(messages[0].message_id)
