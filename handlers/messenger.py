"""What goes out: every post is an intent of the outbox first, and is never made twice."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from graphs import days
from graphs.ports import Clock
from handlers.destinations import Destinations
from handlers.errors import LIMITED, TryAgain, is_forbidden, is_passing, reason_of, wait_of
from handlers.pace import POSTS_A_MINUTE, Pace
from handlers.surfaces import Rendered, Surfaces
from memory import briefings, events, leases, outbox, people
from memory.database import Database
from memory.models.events import Event
from memory.models.happenings.telling import BriefingDelivered, MessageSent
from memory.models.ids import BriefingId, OutboxId, TeamId
from memory.outbox import Intent

log = logging.getLogger(__name__)

EVENT_TYPE = "daybook_outbox"
PARSE = "none"
"""Else Slack makes links of what looks like an address in a text, and does so with an update unless told otherwise."""
_SLACK_CLOCK_DRIFT = timedelta(minutes=5)
_NOWHERE = frozenset({"channel_not_found", "not_in_channel", "thread_not_found"})
_MOVED_OUT = frozenset({"channel_not_found", "not_in_channel", "is_archived"})
NOTHING_TO_SHOW, NOBODY_TO_TELL = "nothing_to_show", "nobody_to_tell"
TOO_LATE, STOPPED, EARLY = "too_late", "stopped", "early"
WHISPERED_FOR = timedelta(hours=1)
_WAIT = 2.0
"""Seconds until the next try, where Slack does not say."""


@dataclass(frozen=True)
class Messenger:
    """Posts what the outbox intends, by the rights of the moment in which it is posted."""

    team: TeamId
    client: AsyncWebClient
    database: Database
    destinations: Destinations
    surfaces: Surfaces
    clock: Clock
    owner: str
    lease_seconds: float = leases.LENGTH
    posts: Pace = field(default_factory=lambda: Pace(POSTS_A_MINUTE))
    tally: Callable[[str], None] = lambda _: None
    """Counts for operators."""

    async def send(self, outbox_id: OutboxId) -> None:
        """Posts one intent, exactly once. Raises TryAgain, LeaseHeld or a connection error when it must be repeated.

        One at a time per subject: an update rendered before another one must not land after it.
        """
        intent = await self._read(outbox_id)
        if intent is None:
            return
        run_key = f"send:{intent.subject_id}"
        async with leases.holding(self.database, self.team, run_key, self.owner, self.lease_seconds) as lease:
            intent = await self._read(outbox_id)
            if intent is None or intent.state in {"sent", "dropped"}:
                return
            if intent.operation == "update":
                await self._update(intent)
                return
            if intent.state == "sending" and intent.operation == "post" and await self._read_back(intent):
                return
            await self.posts.turn(urgent=intent.surface != "briefing")
            await self._post(intent, lease)

    async def _read(self, outbox_id: OutboxId) -> Intent | None:
        async with self.database.at_once() as connection:
            return await outbox.read(connection, outbox_id)

    async def _post(self, intent: Intent, lease: leases.Lease) -> None:
        untimely = await self._untimely(intent)
        if untimely == EARLY:
            return
        rendered = None if untimely else await self.surfaces.render(intent)
        if rendered is None:
            await self._drop(intent, untimely or NOTHING_TO_SHOW)
            return
        destination = await self.destinations.find(intent)
        if destination is None:
            await self._drop(intent, NOBODY_TO_TELL)
            return
        async with self.database.house() as connection:
            await leases.check(connection, lease)
            await outbox.sending(connection, intent.outbox_id, destination.channel, self.clock.now())
        try:
            reply = await self._call(intent, rendered.with_note(destination.note), destination.channel)
        except SlackApiError as error:
            await self._refused(intent, error, destination.channel if destination.relied_on else "")
            return
        await self._sent(intent, destination.channel, str(reply["ts"]))

    async def _untimely(self, intent: Intent) -> str:
        """Why a briefing is not posted at this moment, if it is not; one made ahead waits for its time.

        What is whispered beside an answer is out of place once the talk has gone on.
        """
        if intent.operation == "ephemeral" and self.clock.now() - intent.intended_at > WHISPERED_FOR:
            return TOO_LATE
        if intent.surface != "briefing":
            return ""
        async with self.database.house() as connection:
            slot = await briefings.slot(connection, BriefingId(intent.subject_id))
            if slot is None:
                return ""
            person = await people.known(connection, self.team, slot.person_id)
            ahead = slot.composed_at is not None and slot.composed_at < slot.due_at
            if ahead and not await people.reads(connection, slot.person_id):
                return STOPPED
        now = self.clock.now()
        if now < slot.due_at:
            return EARLY
        zone = person.tz if person else "UTC"
        return TOO_LATE if now > days.lapses_at(slot.local_date, zone, slot.due_at, slot.kind) else ""

    async def _call(self, intent: Intent, rendered: Rendered, channel: str) -> Mapping[str, Any]:
        if intent.operation == "ephemeral":
            return await self._whisper(intent, rendered, channel)
        reply = await self.client.chat_postMessage(
            channel=channel,
            text=rendered.text,
            blocks=rendered.blocks,
            thread_ts=intent.thread_ts,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": intent.key}},
            parse=PARSE,
            unfurl_links=False,
            unfurl_media=False,
        )
        return {"ts": reply["ts"]}

    async def _whisper(self, intent: Intent, rendered: Rendered, channel: str) -> Mapping[str, Any]:
        """To one person in a channel: no history shows it, so after an uncertain outcome it is said again."""
        async with self.database.house() as connection:
            person = await people.known(connection, self.team, intent.person_id) if intent.person_id else None
        reply = await self.client.chat_postEphemeral(
            channel=channel,
            user=person.external_id if person else "",
            text=rendered.text,
            blocks=rendered.blocks,
            thread_ts=intent.thread_ts,
            parse=PARSE,
        )
        return {"ts": reply["message_ts"]}

    async def _refused(self, intent: Intent, error: SlackApiError, relied_on: str = "") -> None:
        """`relied_on`: the channel, if nobody asked Slack just now whether it is as it was."""
        reason = reason_of(error)
        if relied_on and reason in _MOVED_OUT:
            await self.destinations.doubt(relied_on)
            async with self.database.house() as connection:
                await outbox.refused(connection, intent.outbox_id, reason)
            raise TryAgain(_WAIT) from error
        if not is_passing(error):
            if not is_forbidden(reason):
                log.error("post_malformed", extra={"surface": intent.surface, "reason": reason})
                self.tally("posts_malformed")
            await self._drop(intent, reason)
            return
        if reason in LIMITED:  # nothing was posted for certain; after the other passing refusals we read back
            async with self.database.house() as connection:
                await outbox.refused(connection, intent.outbox_id, reason)
        raise TryAgain(wait_of(error) or _WAIT) from error

    async def _read_back(self, intent: Intent) -> bool:
        """Whether an earlier try, of which we do not know how it ended, did post."""
        if intent.sent_channel is None or intent.sending_since is None:
            return False
        oldest = str((intent.sending_since - _SLACK_CLOCK_DRIFT).timestamp())
        where: dict[str, Any] = {"channel": intent.sent_channel, "oldest": oldest, "include_all_metadata": True}
        cursor = ""
        while True:
            try:
                if intent.thread_ts:
                    page = await self.client.conversations_replies(
                        ts=intent.thread_ts, limit=200, cursor=cursor, **where
                    )
                else:
                    page = await self.client.conversations_history(limit=200, cursor=cursor, **where)
            except SlackApiError as error:
                if reason_of(error) not in _NOWHERE:
                    raise
                return False  # whatever was posted there is gone with it
            for found in page.get("messages") or ():
                payload = (found.get("metadata") or {}).get("event_payload") or {}
                if payload.get("key") == intent.key:
                    await self._sent(intent, intent.sent_channel, str(found["ts"]))
                    return True
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return False

    async def _sent(self, intent: Intent, channel: str, ts: str) -> None:
        now = self.clock.now()
        async with self.database.house() as connection:
            await outbox.sent(connection, intent.outbox_id, channel, ts, now)
            kind = BriefingDelivered if intent.surface == "briefing" else MessageSent
            delivered = Event(
                team_id=self.team,
                key=f"sent:{intent.outbox_id}",
                occurred_at=now,
                person_id=intent.person_id,
                told=kind(subject_id=intent.subject_id, surface=intent.surface, channel=channel, ts=ts),
            )
            await events.append(connection, self.team, [delivered])

    async def _update(self, intent: Intent) -> None:
        """Writes a posted message anew from what is true now; doing so twice is no different.

        That makes all updates of it that wait by then: whatever caused them shows.
        """
        async with self.database.house() as connection:
            postings = await outbox.postings_of(connection, intent.subject_id)
            waiting = {intent.outbox_id, *await outbox.updates_of(connection, intent.subject_id)}
        if any(posted.state != "sent" for posted in postings):
            raise TryAgain(1)  # it may stand in Slack already, as it was before what this update is to show
        rendered = await self.surfaces.render(intent)
        for posted in postings:
            if rendered is None:
                break
            try:
                await self.client.chat_update(
                    channel=posted.sent_channel or "",
                    ts=posted.sent_ts or "",
                    text=rendered.text,
                    blocks=rendered.blocks,
                    parse=PARSE,
                )
            except SlackApiError as error:
                await self._refused(intent, error)
        async with self.database.house() as connection:
            latest = postings[-1] if postings else intent
            for each in sorted(waiting):
                await outbox.sent(connection, each, latest.sent_channel or "", latest.sent_ts or "", self.clock.now())

    async def _drop(self, intent: Intent, reason: str) -> None:
        log.warning(
            "post_dropped", extra={"surface": intent.surface, "outbox_id": str(intent.outbox_id), "reason": reason}
        )
        async with self.database.house() as connection:
            await outbox.drop(connection, intent.outbox_id, reason)
