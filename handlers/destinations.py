"""Where something for one person goes: to a private channel that holds only them and Daybook, or else to a DM."""

import logging
import re
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from graphs.ports import Clock
from handlers import decode
from handlers.errors import is_passing, reason_of
from memory import containers, people, settings
from memory.database import Database
from memory.models.containers import Container
from memory.models.ids import PersonId, TeamId, container_id, person_id
from memory.models.people import Person
from memory.outbox import Intent

log = logging.getLogger(__name__)

_MAY_NOT_OPEN = frozenset(
    {
        "missing_scope",
        "restricted_action",
        "not_allowed_token_type",
        "unknown_method",
        "method_not_supported_for_channel_type",
    }
)
_NOT_IN_NAMES = re.compile(r"[^a-z0-9_-]+")
NOT_ALONE = "Your own channel has somebody else in it, so this comes here instead."


@dataclass(frozen=True)
class Destination:
    channel: str
    note: str = ""
    """Why it comes here, where that needs saying."""


@dataclass(frozen=True)
class Destinations:
    """Finds, and where need be opens, the place where a person is told what is theirs alone."""

    team: TeamId
    own_id: str
    client: AsyncWebClient
    database: Database
    clock: Clock

    async def find(self, intent: Intent) -> Destination | None:
        """The channel to post in. A welcome goes by DM, and a briefing to the personal channel, if it is personal still
        and its reader does not want it by DM.

        None for somebody whom we do not know, or have forgotten.
        """
        if intent.channel or intent.person_id is None:
            return Destination(intent.channel or "")
        async with self.database.house() as connection:
            person = (await people.roster(connection, self.team)).get(intent.person_id)
            own = await containers.personal(connection, intent.person_id)
            wanted = await settings.place_of(connection, intent.person_id)
        if person is None:
            return None
        if intent.surface != "briefing" or wanted == "dm":
            return Destination(await self._dm(person))
        own = own or await self._open(person)
        if own is None:
            return Destination(await self._dm(person))
        present = await self._members(own)
        if present == {person.external_id, self.own_id}:
            return Destination(own)
        others = present - {person.external_id, self.own_id}
        return Destination(await self._dm(person), NOT_ALONE if others else "")

    async def _dm(self, person: Person) -> str:
        opened = await self.client.conversations_open(users=person.external_id)
        return str(opened["channel"]["id"])

    async def _members(self, channel: str) -> set[str]:
        """Who is in it now; nobody when it is gone."""
        try:
            page = await self.client.conversations_members(channel=channel, limit=200)
        except SlackApiError as error:
            if is_passing(error):
                raise
            return set()
        return set(page.get("members") or ())

    async def _open(self, person: Person) -> str | None:
        """A private channel with this person alone; None where the server does not let us."""
        try:
            channel = await self._create(person)
            if person.external_id not in await self._members(channel):
                await self.client.conversations_invite(channel=channel, users=person.external_id)
        except SlackApiError as error:
            reason = reason_of(error)
            if reason not in _MAY_NOT_OPEN:
                raise
            log.warning("personal_channel_not_opened", extra={"reason": reason})
            return None
        await self._note(channel, person.person_id)
        return channel

    async def _create(self, person: Person) -> str:
        """Makes the channel, or finds the one that an earlier try made before it was cut off."""
        base = "daybook-" + (_NOT_IN_NAMES.sub("-", (person.handle or person.name).lower()).strip("-") or "reader")
        for attempt in range(1, 20):
            name = base[:76] if attempt == 1 else f"{base[:76]}-{attempt}"
            try:
                created = await self.client.conversations_create(name=name, is_private=True)
                return str(created["channel"]["id"])
            except SlackApiError as error:
                if reason_of(error) != "name_taken":
                    raise
            if left_over := await self._left_over(name, person):
                return left_over
        raise ValueError(f"Every channel name beginning with {base} is taken: rename one of them.")

    async def _left_over(self, name: str, person: Person) -> str | None:
        cursor = ""
        while True:
            page = await self.client.users_conversations(types="private_channel", limit=200, cursor=cursor)
            for channel in page.get("channels") or ():
                if channel.get("name") == name and channel.get("creator") == self.own_id:
                    members = await self._members(channel["id"])
                    if members <= {person.external_id, self.own_id}:
                        return str(channel["id"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

    async def _note(self, channel: str, person: PersonId) -> None:
        where = container_id(self.team, decode.SLACK, channel)
        place = Container(container_id=where, team_id=self.team, external_id=channel, kind="private")
        async with self.database.house() as connection:
            now = self.clock.now()
            await containers.note(connection, self.team, place, now)
            await containers.make_personal(connection, self.team, where, person, now)
            both = [person, person_id(self.team, decode.SLACK, self.own_id)]
            await containers.set_members(connection, self.team, where, both, now)
