"""What a reader says of an item, wherever they press it: noted, and shown at once where the item stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from graphs import days, lessons
from graphs.ports import Clock
from handlers.arrivals import DayChosen, Pressed
from handlers.dispatch import Dispatch
from handlers.errors import Undecodable
from memory import feedback, outbox, people
from memory.database import Connection, Database
from memory.models.audience import Viewer
from memory.models.happenings.telling import FeedbackUndone, ItemDeclined, ItemDone, ItemSnoozed
from memory.models.ids import BriefingId, ItemId, TeamId

Saying = ItemDone | ItemSnoozed | ItemDeclined | FeedbackUndone


@dataclass(frozen=True)
class Feedback:
    """Takes what readers say of what they were told. Every step may be repeated: a repeat changes nothing."""

    team: TeamId
    database: Database
    dispatch: Dispatch
    clock: Clock

    async def pressed(self, pressed: Pressed) -> None:
        """Takes a press on an item; one that is not the presser's changes nothing.

        Raises:
            Undecodable: it names no item.
        """
        verb, item = target(pressed)
        async with self.database.viewing(Viewer.person(pressed.person_id)) as connection:
            today = days.local_day(pressed.at, await people.zone_of(connection, self.team, pressed.person_id))
            said = _saying(verb, item, today)
            if said:
                await self._note(connection, pressed, [said], pressed.at)
                await self._show_behind(connection, pressed, item)

    async def day_chosen(self, chosen: DayChosen) -> None:
        """Takes the day until which an item is put off."""
        said = ItemSnoozed(item_id=_item(chosen.value), until=chosen.day)
        async with self.database.viewing(Viewer.person(chosen.person_id)) as connection:
            await self._note(connection, chosen, [said], self.clock.now())
            await self._show_behind(connection, chosen, said.item_id)

    async def lesson_undone(self, pressed: Pressed) -> None:
        """Takes back what was learnt of one kind of thing: declined is so no more, what was done stays done."""
        async with self.database.viewing(Viewer.person(pressed.person_id)) as connection:
            zone = await people.zone_of(connection, self.team, pressed.person_id)
            said = await feedback.said(connection, pressed.person_id, pressed.at)
            known = lessons.learnt(said, days.local_day(pressed.at, zone), zone)
            lesson = next((each for each in known if each.key == pressed.value), None)
            if lesson is None:
                return
            if lesson.direction == "less":
                taken_back = [FeedbackUndone(item_id=each) for each in lesson.items]
                await self._note(connection, pressed, taken_back, pressed.at)
            else:
                await feedback.forget_lessons(connection, self.team, pressed.person_id, lesson.items, pressed.at)
                await self.dispatch.show_home(connection, self.team, pressed.external_id)

    async def _note(
        self, connection: Connection, by: Pressed | DayChosen, said: Iterable[Saying], at: datetime
    ) -> None:
        """Notes it, and has it shown in the briefings that it is about and on the Home tab."""
        changed: dict[BriefingId, Saying] = {}
        for each in said:
            stands_in = await feedback.say(connection, self.team, by.person_id, each, at)
            if stands_in:
                changed[stands_in] = each
        for briefing, each in changed.items():
            intent = await outbox.intend(
                connection,
                self.team,
                f"briefing:{briefing}:{type(each).__name__}:{each.item_id}:{at.isoformat()}",
                "briefing",
                briefing,
                at=at,
                operation="update",
                person=by.person_id,
            )
            if intent:
                await self.dispatch.send(connection, intent)
        if changed:
            await self.dispatch.show_home(connection, self.team, by.external_id)

    async def _show_behind(self, connection: Connection, by: Pressed | DayChosen, item: ItemId) -> None:
        """Has the view drawn anew in which it was pressed."""
        if by.view_id:
            await self.dispatch.show_why(connection, by.person_id, item, by.view_id)


def target(pressed: Pressed) -> tuple[str, ItemId]:
    """What is to be done, and with which item: a button says the one by its name, a menu by what was chosen in it.

    Raises:
        Undecodable: it names no item.
    """
    verb, _, item = pressed.value.rpartition(":")
    return (verb if pressed.action_id == "item_menu" else pressed.action_id.removeprefix("item_")), _item(item)


def _item(value: str) -> ItemId:
    try:
        return ItemId(UUID(value))
    except ValueError:
        raise Undecodable("A button names no item.") from None


def _saying(verb: str, item: ItemId, today: date) -> Saying | None:
    match verb:
        case "done":
            return ItemDone(item_id=item)
        case "declined":
            return ItemDeclined(item_id=item)
        case "undo":
            return FeedbackUndone(item_id=item)
        case "tomorrow":
            return ItemSnoozed(item_id=item, until=today + timedelta(days=1))
        case "next_week":
            return ItemSnoozed(item_id=item, until=today + timedelta(days=7 - today.weekday()))
    return None  # it opens a view, which was done at once
