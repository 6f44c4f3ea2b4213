"""Slack read back: who and what is there, and what was said before Daybook came or while it was away."""

import logging
import math
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from graphs.ports import Clock
from handlers import decode, questions, unread
from handlers.arrivals import MessageArrived
from handlers.dispatch import Dispatch
from handlers.errors import Undecodable, reason_of
from handlers.unread import Telling
from memory import containers, forgotten, messages, people
from memory.database import Database
from memory.models.containers import Container
from memory.models.ids import PersonId, TeamId, container_id, person_id
from memory.models.messages import Reaction

log = logging.getLogger(__name__)

FIRST_LOOK = timedelta(days=14)
"""How far back a container is read when Daybook comes to it."""
OVERLAP = timedelta(hours=1)
"""How much is read again after a gap: edits and late deliveries change nothing when they repeat."""
THREADS_LIVE = timedelta(days=3)
"""How long before a gap a thread may have begun whose replies of the gap are looked for."""
_BATCH = 400
_GONE = frozenset({"channel_not_found", "not_in_channel", "is_archived"})


@dataclass(frozen=True)
class History:
    """Reads a workspace through its Web API."""

    team: TeamId
    own_id: str
    client: AsyncWebClient
    database: Database
    dispatch: Dispatch
    clock: Clock

    async def look_round(self) -> None:
        """Notes everybody and every container that Daybook is in, and has each container read, as work for later.

        Of people's own channels only those in which something was asked lately: there is nothing else to read in them.
        """
        found = await self._note_workspace()
        async with self.database.house() as connection:
            own = await containers.personal_places(connection, self.team)
            own -= {*await containers.private_talk(connection, self.team)}
            for place in found:
                if place.external_id in own:
                    continue
                await self.dispatch.read_container(connection, self.team, place.external_id)
        await self.look_for_talks()

    async def look_for_talks(self) -> None:
        """Has the direct messages with Daybook read that were begun lately: what was said first may not be heard."""
        since = (self.clock.now() - questions.ANSWERED_WITHIN).timestamp()
        found = [decode.container(raw, self.team) async for raw in self._listed("im") if _begun(raw) >= since]
        async with self.database.house() as connection:
            for place in found:
                await containers.note(connection, self.team, place, self.clock.now())
            for place in found:
                await self.dispatch.read_container(connection, self.team, place.external_id)

    async def read_workspace(self) -> None:
        """Notes everybody and every container that Daybook is in, and reads each container."""
        for place in await self._note_workspace():
            await self.read_container(place.external_id)

    async def _note_workspace(self) -> list[Container]:
        everybody = [decode.person(raw, self.team) async for raw in self._pages(self.client.users_list, "members")]
        async with self.database.house() as connection:
            await people.see(connection, self.team, everybody, self.clock.now())
        found: list[Container] = []
        for kinds in ("public_channel", "private_channel", "mpim"):
            found += [place async for place in self._own_containers(kinds)]
        async with self.database.house() as connection:
            if found:
                await containers.see(connection, self.team, found, self.clock.now())
            here = {place.container_id for place in found}
            for place in await containers.read_by_daybook(connection, self.team):
                if place.container_id not in here:
                    await containers.left(connection, self.team, place.container_id, self.clock.now())
        return found

    async def read_container(self, external_id: str) -> None:
        """Notes what the container is, who is in it, and what was said there since we last read it.

        Where that fails it is noted too: until it is read, whatever is told from it says so.
        """
        try:
            await self._read_container(external_id)
        except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError):
            async with self.database.house() as connection:
                where = container_id(self.team, decode.SLACK, external_id)
                await containers.reading_failed(connection, where, self.clock.now())
            raise

    async def _read_container(self, external_id: str) -> None:
        where = container_id(self.team, decode.SLACK, external_id)
        async with self.database.house() as connection:
            known = (await containers.read(connection, [where])).get(where)
        if known is not None and known.kind == "dm":
            await self._look_for_questions(known, None)
            return
        now = self.clock.now()  # before we ask: who leaves while Slack answers has left later than this
        try:
            raw = (await self.client.conversations_info(channel=external_id))["channel"]
            place = decode.container(raw, self.team)
            members = [m async for m in self._pages(self.client.conversations_members, "members", channel=external_id)]
        except SlackApiError as error:
            if reason_of(error) not in _GONE:
                raise
            async with self.database.house() as connection:
                await containers.left(connection, self.team, where, now)
            return
        async with self.database.house() as connection:
            await containers.see(connection, self.team, [place], now)
            present = [person_id(self.team, decode.SLACK, str(member)) for member in members]
            await containers.set_members(connection, self.team, where, present, now)
            owner = await containers.personal_to(connection, where)
            read_until = await containers.history_read_until(connection, where)
            unread = await forgotten.among(connection, (where,))
            kept_for = await containers.kept_for(connection, where)
        if place.read_by_daybook and owner is None and place.kind != "dm" and not unread:
            since = (read_until - OVERLAP) if read_until else now - FIRST_LOOK
            begun = (since - THREADS_LIVE) if read_until else since
            if kept_for is not None:
                since, begun = (max(each, now - timedelta(days=kept_for)) for each in (since, begun))
            await self._read_messages(place, since, begun)
            async with self.database.house() as connection:
                await containers.history_read(connection, where, now)
        elif owner is not None and not unread:
            await self._look_for_questions(place, owner)

    async def _look_for_questions(self, place: Container, owner: PersonId | None) -> None:
        """Reads questions in private; where nothing is to be read any more, none is waiting."""
        try:
            await self._read_questions(place, owner)
        except SlackApiError as error:
            if reason_of(error) not in _GONE:
                raise
            log.info("talk_is_gone", extra={"channel": place.external_id, "reason": reason_of(error)})

    async def _read_questions(self, place: Container, owner: PersonId | None) -> None:
        """Finds what was asked in private while no connection was open; nothing is kept of what is said there."""
        since = self.clock.now() - questions.ANSWERED_WITHIN
        asked: list[MessageArrived] = []
        async for raw in self._said(place, since, since - THREADS_LIVE):
            told = await self._decoded(raw, place)
            if told is None:
                continue
            owns = owner is not None and told.message.author_id == owner and told.message.kind == "human"
            if (told.asks_daybook or owns) and not told.own:
                asked.append(told)
        await self._ask(asked)

    async def _decoded(self, raw: Mapping[str, Any], place: Container) -> MessageArrived | None:
        """A message as Slack has it; None for one that cannot be read, of which whoever asked in it is told."""
        try:
            return decode.arrived(raw, self.team, place, self.own_id)
        except Undecodable as error:
            log.warning("history_record_skipped", extra={"channel": place.external_id, "reason": str(error)})
        asked = unread.message_in(raw, place.external_id, self.own_id)
        async with self.database.house() as connection:
            await Telling(self.team, self.dispatch).tell(connection, asked, self.clock.now())
        return None

    async def find(self, channel: object, named: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """One message as Slack has it now, by its `ts` and, in a thread, `thread_ts`; None where it is gone."""
        ts, thread = str(named.get("ts")), named.get("thread_ts")
        only: dict[str, Any] = {"channel": str(channel), "oldest": ts, "latest": ts, "inclusive": True}
        try:
            if thread and thread != ts:
                page = await self.client.conversations_replies(ts=str(thread), limit=10, **only)
            else:
                page = await self.client.conversations_history(limit=1, **only)
        except SlackApiError as error:
            if error.response.get("error") in _GONE | {"thread_not_found"}:
                return None
            raise
        found: list[Mapping[str, Any]] = page.get("messages") or []
        return next((each for each in found if each.get("ts") == ts), None)

    async def describe(self, user: str) -> Mapping[str, Any]:
        """One user as Slack describes them now."""
        found: Mapping[str, Any] = (await self.client.users_info(user=user))["user"]
        return found

    async def _read_messages(self, place: Container, since: datetime, begun: datetime) -> None:
        """Stores what was said, and has answered what was missed; what goes on shows once all is known."""
        batch: list[Mapping[str, Any]] = []
        unasked: list[MessageArrived] = []
        async for raw in self._said(place, since, begun):
            batch.append(raw)
            if len(batch) >= _BATCH:
                unasked += await self._store(place, batch)
                batch = []
        unasked += await self._store(place, batch)
        for each in sorted(unasked, key=_posted_at):  # one follow-up may follow another
            if await questions.goes_on(self.database, each, late=True):
                await self._ask([each])

    async def _said(self, place: Container, since: datetime, begun: datetime) -> AsyncIterator[Mapping[str, Any]]:
        """What was said in a channel since then, also in threads that are older, if not older than `begun`.

        Slack shows a thread with its parent first, however old that is.
        """
        after, here = since.timestamp(), {"channel": place.external_id}
        oldest = str(begun.timestamp())
        async for raw in self._pages(self.client.conversations_history, "messages", oldest=oldest, **here):
            if _at(raw, "ts") >= after:
                yield raw
            if raw.get("reply_count") and _at(raw, "latest_reply") >= after:
                thread = {"ts": raw["ts"], "oldest": str(after), **here}
                async for reply in self._pages(self.client.conversations_replies, "messages", **thread):
                    if reply.get("ts") != raw["ts"] and _at(reply, "ts") >= after:
                        yield reply

    async def _store(self, place: Container, batch: list[Mapping[str, Any]]) -> list[MessageArrived]:
        """Stores a batch and has answered what is asked in it; returns what may be asked without saying so."""
        found: list[MessageArrived] = []
        reactions: list[Reaction] = []
        for raw in batch:
            if raw.get("user") == self.own_id:
                continue  # our own posts are never a source
            told = await self._decoded(raw, place)
            if told is None:
                continue
            found.append(told)
            reactions += decode.reactions(raw, told.message)
        missed = [each for each in found if self._is_waited_for(each)]
        async with self.database.scribing(place.container_id) as connection:
            changed = await messages.store(connection, self.team, [each.message for each in found])
            await messages.react(connection, self.team, reactions)
            if changed:
                await self.dispatch.extract(connection, self.team, place.container_id)
                await self.dispatch.index(connection, self.team, place.container_id)
            missed = [each for each in missed if not await messages.is_buried(connection, each.message.message_id)]
        await self._ask([each for each in missed if each.asks_daybook])
        return [each for each in missed if not each.asks_daybook]

    async def _ask(self, asked: Sequence[MessageArrived]) -> None:
        """In the order in which they were asked; what was answered already is answered."""
        for each in sorted(asked, key=_posted_at):
            if each.message.author_id:
                await questions.ask(self.database, self.dispatch, self.team, each, each.message.author_id)

    def _is_waited_for(self, said: MessageArrived) -> bool:
        """Whether it may be a question whose answer is still waited for."""
        asks = said.asks_daybook or said.message.thread_ts is not None
        return asks and self.clock.now() - said.message.posted_at < questions.ANSWERED_WITHIN

    async def _own_containers(self, kinds: str) -> AsyncIterator[Container]:
        async for raw in self._listed(kinds):
            yield decode.container({**raw, "is_member": True}, self.team)

    async def _listed(self, kinds: str) -> AsyncIterator[Mapping[str, Any]]:
        """Those of some kinds that Daybook is in; none where the app lacks the scope for them."""
        try:
            async for raw in self._pages(self.client.users_conversations, "channels", types=kinds):
                yield raw
        except SlackApiError as error:
            if reason_of(error) != "missing_scope":
                raise
            log.warning("containers_not_listed", extra={"kinds": kinds, "needed": error.response.get("needed")})

    async def _pages(self, call: Callable[..., Any], part: str, **given: Any) -> AsyncIterator[Any]:
        cursor = ""
        while True:
            page = await call(limit=200, cursor=cursor, **given)
            for found in page.get(part) or ():
                yield found
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


def _posted_at(told: MessageArrived) -> datetime:
    return told.message.posted_at


def _begun(raw: Mapping[str, Any]) -> float:
    """When a channel was made, in seconds since 1970; 0 where that is not told."""
    at = raw.get("created")
    return float(at) if isinstance(at, int | float) else 0.0


def _at(raw: Mapping[str, Any], name: str) -> float:
    """A `ts` in seconds since 1970; where it is missing, or is none, later than anything, so that it is looked at."""
    try:
        return float(str(raw.get(name)))
    except ValueError:
        return math.inf
