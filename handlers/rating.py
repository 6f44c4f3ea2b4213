"""What readers say of answers, by the buttons below one or by a thumb put at it: noted, and undone as easily."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from handlers import answer_reasons
from handlers.arrivals import Pressed, Reacted
from handlers.blocks import rating as blocks
from handlers.dispatch import Dispatch
from handlers.errors import Undecodable
from memory import outbox, ratings
from memory.database import Connection, Database
from memory.models.audience import Viewer
from memory.models.ids import AnswerId, PersonId, TeamId
from memory.models.messages import Reaction
from memory.ratings import Verdict

_SIGNS: Mapping[str, Verdict] = {"+1": "up", "thumbsup": "up", "-1": "down", "thumbsdown": "down"}


@dataclass(frozen=True)
class Rating:
    """Takes what readers say of answers. Every step may be repeated: a repeat changes nothing.

    `tally` counts, for operators, what was said how often.
    """

    team: TeamId
    database: Database
    dispatch: Dispatch
    tally: Callable[[str], None]

    async def pressed(self, pressed: Pressed) -> None:
        """Takes a press on one of the two buttons; the same one again takes back what it said.

        Raises:
            Undecodable: it names no answer.
        """
        verdict, answer = target(pressed.value)
        person = pressed.person_id
        if await answer_reasons.audience(self.database, self.team, person, answer) is None:
            return
        async with self.database.viewing(Viewer.person(person)) as connection:
            before = await ratings.of(connection, answer, person)
            again = before is not None and before.is_undone_by(verdict, pressed.at)
            said = None if again else verdict
            if await ratings.rate(connection, self.team, answer, person, said, pressed.at):
                self.tally(f"answer_rated:{said or 'undone'}")

    async def reacted(self, reacted: Reacted) -> None:
        """Takes a thumb that is put at one of our answers, or taken away from it; one that points down is asked why."""
        reaction = reacted.reaction
        verdict = _SIGNS.get(reaction.name.partition("::")[0])
        if verdict is None or not reacted.at_ours:
            return
        async with self.database.house() as connection:
            found = await outbox.posted_at(connection, self.team, reacted.channel, reacted.ts)
        if found is None or found[0] != "answer":
            return
        answer, person = AnswerId(found[1]), reaction.person_id
        if await answer_reasons.audience(self.database, self.team, person, answer) is None:
            return
        async with self.database.viewing(Viewer.person(person)) as connection:
            before = await ratings.of(connection, answer, person)
            if not reaction.added and (before is None or before.verdict != verdict):
                return  # they said something else since
            said = verdict if reaction.added else None
            if await ratings.rate(connection, self.team, answer, person, said, reaction.at):
                self.tally(f"answer_rated:{said or 'undone'}")
                if said == "down":
                    await self._ask_why(connection, answer, reaction, reacted.channel)

    async def _ask_why(self, connection: Connection, answer: AnswerId, reaction: Reaction, channel: str) -> None:
        posted = next(iter(await outbox.postings_of(connection, answer)), None)
        intended = await outbox.intend(
            connection,
            self.team,
            f"unhelpful:{answer}:{reaction.person_id}:{reaction.at.isoformat()}",
            "unhelpful",
            answer,
            at=reaction.at,
            operation="ephemeral",
            person=PersonId(reaction.person_id),
            channel=channel,
            thread_ts=posted.thread_ts if posted else None,
        )
        if intended:
            await self.dispatch.send(connection, intended)


def target(value: str) -> tuple[Verdict, AnswerId]:
    """What was said, and of which answer.

    Raises:
        Undecodable: the value is none of ours.
    """
    said, _, answer = value.partition(":")
    if said == blocks.UP:
        return "up", named(answer)
    if said == blocks.DOWN:
        return "down", named(answer)
    raise Undecodable("A button says nothing of an answer.")


def named(value: str) -> AnswerId:
    """The answer that a button names.

    Raises:
        Undecodable: it names none.
    """
    try:
        return AnswerId(UUID(value))
    except ValueError:
        raise Undecodable("A button names no answer.") from None
