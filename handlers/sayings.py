"""Raw submissions of the forms about facts -> models: what somebody says is wrong, and that they want it changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from handlers.arrivals import CorrectionConfirmed, FactTracked
from handlers.blocks import correction as blocks
from handlers.blocks import tracking
from handlers.errors import Undecodable
from handlers.raw import Raw, external_id, moment, part, refusing, text
from memory.models.base import Model
from memory.models.ids import FactId, MessageId, PersonId, TeamId, derive, person_id


class Filled(Model):
    """What somebody filled into the form: as they did, not judged yet."""

    person_id: PersonId
    fact_id: FactId
    how: str
    owner: str = ""
    day: date | None = None

    def written(self) -> str:
        """The same in one line of ids, for the view that asks whether to do it."""
        return ":".join((str(self.fact_id), self.how, self.owner, self.day.isoformat() if self.day else ""))


class Pointed(Model):
    """A shortcut of ours, chosen at a message."""

    person_id: PersonId
    shortcut: str
    channel: str
    ts: str
    trigger_id: str
    at: datetime


@refusing
def pointed(raw: Raw, team: TeamId, source: str) -> Pointed:
    """Which shortcut somebody chose, and at which message."""
    return Pointed(
        person_id=person_id(team, source, external_id(part(raw, "user"), "id")),
        shortcut=text(raw.get("callback_id")),
        channel=external_id(part(raw, "channel"), "id"),
        ts=external_id(raw, "message_ts"),
        trigger_id=text(raw.get("trigger_id")),
        at=moment(raw.get("action_ts") or raw.get("message_ts")),
    )


@refusing
def filled(raw: Raw, team: TeamId, source: str) -> Filled | None:
    """What was filled into the form that asks what is wrong; None for any other view."""
    view = part(raw, "view")
    if view.get("callback_id") != blocks.FORM:
        return None
    values = part(part(view, "state"), "values")
    chosen = (_held(values, blocks.FACT).get("selected_option") or {}).get("value")
    return Filled(
        person_id=person_id(team, source, external_id(part(raw, "user"), "id")),
        fact_id=_fact(chosen or view.get("private_metadata")),
        how=text((_held(values, blocks.HOW).get("selected_option") or {}).get("value")),
        owner=text(_held(values, blocks.OWNER).get("selected_user")),
        day=_day(text(_held(values, blocks.DAY).get("selected_date"))),
    )


@refusing
def confirmed(raw: Raw, team: TeamId, source: str) -> list[CorrectionConfirmed]:
    """That somebody wants a fact changed as they were shown; nothing for other views."""
    view = part(raw, "view")
    if view.get("callback_id") != blocks.CONFIRMATION:
        return []
    user = external_id(part(raw, "user"), "id")
    fact, how, owner, day = text(view.get("private_metadata")).split(":")
    return [
        CorrectionConfirmed(
            team_id=team,
            person_id=person_id(team, source, user),
            external_id=user,
            key=str(derive(external_id(view, "id"), fact, how, owner, day)),
            fact_id=_fact(fact),
            how=how,
            owner=owner,
            day=_day(day),
        )
    ]


@refusing
def tracked(raw: Raw, team: TeamId, source: str) -> list[FactTracked]:
    """What somebody wants tracked; nothing for other views."""
    view = part(raw, "view")
    if view.get("callback_id") != tracking.FORM:
        return []
    user = external_id(part(raw, "user"), "id")
    values = part(part(view, "state"), "values")
    kind = (_held(values, tracking.KIND).get("selected_option") or {}).get("value")
    return [
        FactTracked(
            team_id=team,
            person_id=person_id(team, source, user),
            external_id=user,
            key=str(derive(external_id(view, "id"), "tracked")),
            message_id=MessageId(UUID(text(view.get("private_metadata")))),
            kind=kind,
            statement=text(_held(values, tracking.STATEMENT).get("value")),
            owner=text(_held(values, tracking.OWNER).get("selected_user")),
            day=_day(text(_held(values, tracking.DAY).get("selected_date"))),
        )
    ]


def _held(values: Raw, name: str) -> Mapping[str, Any]:
    """What an element holds, whose block is called as it is; nothing where the form does not show it."""
    block = values.get(name) or {}
    held: Mapping[str, Any] = block.get(name) or {}
    return held


def _fact(value: object) -> FactId:
    try:
        return FactId(UUID(str(value)))
    except ValueError:
        raise Undecodable("A form names no fact.") from None


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None
