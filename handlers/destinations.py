"""Where something for one person goes: to a private channel that holds only them and Daybook, or else to a DM."""

import logging
import re
from dataclasses import dataclass, field

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from graphs.ports import Clock
from handlers import decode
from handlers.errors import is_passing, reason_of
from handlers.pace import LOOKS_A_MINUTE, Pace
from memory import assurances, containers, people, settings
from memory.database import Database
from memory.models.containers import Container
from memory.models.ids import ContainerId, PersonId, TeamId, container_id, person_id
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
    relied_on: bool = False
    """It is as it was when it was looked at; Slack was not asked again."""


@dataclass(frozen=True)
class Destinations:
    """Finds, and where need be opens, the place where a person is told what is theirs alone."""

    team: TeamId
    own_id: str
    client: AsyncWebClient
    database: Database
    clock: Clock
    looks: Pace = field(default_factory=lambda: Pace(LOOKS_A_MINUTE))
    _direct: dict[PersonId, str] = field(default_factory=dict)
    """DMs as they were opened: they stay what they are."""

    async def find(self, intent: Intent) -> Destination | None:
        """The channel to post in. A welcome goes by DM, and a briefing to the personal channel, if it is personal still
        and its reader does not want it by DM.

        None for somebody whom we do not know, or have forgotten.
        """
        if intent.channel or intent.person_id is None:
            return Destination(intent.channel or "")
        async with self.database.house() as connection:
            person = await people.known(connection, self.team, intent.person_id)
            own = await containers.personal(connection, intent.person_id)
            relied_on = own is not None and await assurances.holds(connection, own[0])
            wanted = await settings.place_of(connection, intent.person_id)
        if person is None:
            return None
        if intent.surface == "briefing" and wanted != "dm":
            return Destination(own[1], relied_on=True) if own and relied_on else await self._own_or_dm(person, own)
        return Destination(await self._dm(person))

    async def _own_or_dm(self, person: Person, own: tuple[ContainerId, str] | None) -> Destination:
        """Their own channel, if Slack says at this moment that it is theirs alone."""
        own = own or await self._open(person)
        if own is None:
            return Destination(await self._dm(person))
        others = await self._look(own, person)
        if others == set():
            return Destination(own[1])
        return Destination(await self._dm(person), NOT_ALONE if others else "")

    async def prepare(self, person_id: PersonId) -> None:
        """Looks ahead of time whether somebody's own channel is theirs alone; opens it where there is none."""
        async with self.database.house() as connection:
            person = await people.known(connection, self.team, person_id)
            own = await containers.personal(connection, person_id)
            wanted = await settings.place_of(connection, person_id)
        if person is None or person.person_id in self._direct:
            return
        if wanted == "dm":
            await self._dm(person)
            return
        own = own or await self._open(person)
        if own is None:
            await self._dm(person)
        else:
            await self._look(own, person)

    async def is_ready(self, person_id: PersonId) -> bool:
        """Whether `find` need not wait: their channel was looked at, or may be now."""
        if not self.looks.waits:
            return True
        async with self.database.house() as connection:
            if await settings.place_of(connection, person_id) == "dm":
                return True
            own = await containers.personal(connection, person_id)
            return own is not None and await assurances.holds(connection, own[0])

    async def doubt(self, channel: str) -> None:
        """Slack refused what was said there: it is not as it was when we looked."""
        async with self.database.house() as connection:
            await assurances.doubt(connection, [container_id(self.team, decode.SLACK, channel)])

    async def _dm(self, person: Person) -> str:
        if person.person_id not in self._direct:
            opened = await self.client.conversations_open(users=person.external_id)
            self._direct[person.person_id] = str(opened["channel"]["id"])
        return self._direct[person.person_id]

    async def _look(self, own: tuple[ContainerId, str], person: Person) -> set[str] | None:
        """Asks Slack who else is there, and notes it; None when the channel is gone, or they left it."""
        await self.looks.turn()
        async with self.database.house() as connection:
            at = await assurances.look(connection)
        present = await self._members(own[1])
        us = {person.external_id, self.own_id}
        async with self.database.house() as connection:
            await assurances.note(connection, self.team, own[0], at, alone=present == us)
        return present - us if present >= us or present - us else None

    async def _members(self, channel: str) -> set[str]:
        """Who is in it now; nobody when it is gone."""
        try:
            page = await self.client.conversations_members(channel=channel, limit=200)
        except SlackApiError as error:
            if is_passing(error):
                raise
            return set()
        return set(page.get("members") or ())

    async def _open(self, person: Person) -> tuple[ContainerId, str] | None:
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
        return await self._note(channel, person.person_id), channel

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

    async def _note(self, channel: str, person: PersonId) -> ContainerId:
        where = container_id(self.team, decode.SLACK, channel)
        place = Container(container_id=where, team_id=self.team, external_id=channel, kind="private")
        async with self.database.house() as connection:
            now = self.clock.now()
            await containers.note(connection, self.team, place, now)
            await containers.make_personal(connection, self.team, where, person, now)
            both = [person, person_id(self.team, decode.SLACK, self.own_id)]
            await containers.set_members(connection, self.team, where, both, now)
        return where
