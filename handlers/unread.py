"""Questions that cannot be read: whoever asked is told so where they asked, once, instead of waiting for an answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers import decode, questions, raw
from handlers.dispatch import Dispatch
from handlers.errors import Undecodable
from handlers.raw import Raw
from memory import answers, containers, forgotten, outbox
from memory.database import Connection
from memory.models.base import Model
from memory.models.ids import TeamId, container_id, message_id, person_id

_ID = re.compile(r"[A-Z0-9]{2,40}")


class Unread(Model):
    """What remains of a message that cannot be read: where it stands, whose it is, and whether it mentions Daybook."""

    channel: str
    user: str
    ts: str
    thread_ts: str | None
    at: datetime
    mentions: bool

    @property
    def is_direct(self) -> bool:
        return self.channel.startswith("D")


def message_of(payload: Raw, own_id: str) -> Unread | None:
    """The message of a delivery, if it tells of a new one; None for everything else, edits too."""
    event = payload.get("event")
    if not isinstance(event, Mapping) or event.get("type") not in ("message", "app_mention"):
        return None
    return message_in(event, str(event.get("channel")), own_id)


def message_in(found: Raw, channel: str, own_id: str) -> Unread | None:
    """What can be told of a message of that channel, if it is somebody's own words; never raises."""
    user, ts, thread = found.get("user"), str(found.get("ts")), found.get("thread_ts")
    spoken = found.get("subtype") in (None, "file_share", "thread_broadcast") and not found.get("bot_id")
    named = all(isinstance(each, str) and _ID.fullmatch(each) for each in (user, channel))
    if not spoken or not named or user == own_id:
        return None
    try:
        at = raw.moment(ts)
        raw.moment(thread or ts)
    except Undecodable:
        return None
    mentions = found.get("type") == "app_mention" or f"<@{own_id}" in raw.text(found.get("text"))
    root = str(thread) if thread and str(thread) != ts else None
    return Unread(channel=channel, user=str(user), ts=ts, thread_ts=root, at=at, mentions=mentions)


@dataclass(frozen=True)
class Telling:
    """Has it told, in the caller's transaction; telling it again changes nothing."""

    team: TeamId
    dispatch: Dispatch

    async def tell(self, connection: Connection, unread: Unread | None, now: datetime) -> None:
        """Tells whoever asked Daybook and may wait for an answer: by a mention, or where they talk to it alone.

        In a direct message it is told them, elsewhere in the thread, as the answer would be. Where it turns out to have
        been read after all, nothing is said.
        """
        if unread is None or now - unread.at >= questions.ANSWERED_WITHIN:
            return
        where = container_id(self.team, decode.SLACK, unread.channel)
        author = person_id(self.team, decode.SLACK, unread.user)
        alone = unread.is_direct or await containers.personal_to(connection, where) == author
        if not (alone or unread.mentions) or await forgotten.among(connection, (where, author)):
            return
        said = message_id(where, unread.ts)
        intent = await outbox.intend(
            connection,
            self.team,
            answers.unread_of(said),
            "failure",
            said,
            at=now,
            person=author if unread.is_direct else None,
            channel=unread.channel,
            thread_ts=unread.thread_ts if unread.is_direct else unread.thread_ts or unread.ts,
        )
        if intent:
            await self.dispatch.send(connection, intent)
