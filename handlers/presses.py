"""What people press and fill in, as Slack tells it: buttons, menus and forms of ours -> arrivals."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from handlers.arrivals import Commanded, DayChosen, Pressed
from handlers.errors import Undecodable
from handlers.raw import Raw, external_id, moment, part, refusing, text
from memory.models.ids import TeamId, person_id

SLACK = "slack"
SNOOZE_FORM = "snooze_until"
"""The form that asks for a day, its block and its field."""
DAY_BLOCK, DAY_FIELD = "until", "day"
COMMANDS = ("help", "brief", "owe", "promises", "privacy", "quiet", "talk")
"""What can stand behind `/daybook`."""
PLACED = frozenset({"quiet", "talk"})
"""Which of it is about the channel in which it is entered."""


@refusing
def pressed(raw: Raw, team: TeamId) -> list[Pressed]:
    """Everything of ours that was pressed or chosen at once."""
    user = external_id(part(raw, "user"), "id")
    found: list[Pressed] = []
    for action in raw.get("actions") or ():
        chosen = action.get("selected_option") or {}
        found.append(
            Pressed(
                team_id=team,
                person_id=person_id(team, SLACK, user),
                external_id=user,
                action_id=str(action.get("action_id", "")),
                value=text(action.get("value") or chosen.get("value")),
                at=moment(action.get("action_ts") or datetime.now(UTC).timestamp()),
                channel=(raw.get("channel") or {}).get("id"),
                message_ts=(raw.get("message") or {}).get("ts"),
                trigger_id=str(raw.get("trigger_id", "")),
                view_id=_modal(raw.get("view")),
            )
        )
    return found


@refusing
def called(raw: Raw, team: TeamId) -> list[Pressed]:
    """A global shortcut of ours: pressed like a button of the same name."""
    user = external_id(part(raw, "user"), "id")
    return [
        Pressed(
            team_id=team,
            person_id=person_id(team, SLACK, user),
            external_id=user,
            action_id=text(raw.get("callback_id")),
            at=moment(raw.get("action_ts") or datetime.now(UTC).timestamp()),
            trigger_id=text(raw.get("trigger_id")),
        )
    ]


@refusing
def commanded(raw: Raw, team: TeamId) -> list[Commanded]:
    """Our slash command; nothing but its own words goes any further."""
    user = external_id(raw, "user_id")
    said = text(raw.get("text")).split()
    word = said[0].lower() if said else "help"
    alone = len(said) < 2 or (word in PLACED and [each.lower() for each in said[1:]] == ["here"])
    return [
        Commanded(
            team_id=team,
            person_id=person_id(team, SLACK, user),
            external_id=user,
            word=word if alone and word in COMMANDS else "",
            channel=external_id(raw, "channel_id") if word in PLACED else "",
        )
    ]


@refusing
def submitted(raw: Raw, team: TeamId) -> list[DayChosen]:
    """The day that somebody chose in our form; nothing for other forms."""
    view = part(raw, "view")
    if view.get("callback_id") != SNOOZE_FORM:
        return []
    user = external_id(part(raw, "user"), "id")
    chosen = view["state"]["values"][DAY_BLOCK][DAY_FIELD]["selected_date"]
    below = view.get("previous_view_id")
    return [
        DayChosen(
            team_id=team,
            person_id=person_id(team, SLACK, user),
            external_id=user,
            value=text(view.get("private_metadata")),
            day=_day(chosen),
            view_id=external_id(view, "previous_view_id") if below else "",
        )
    ]


def _modal(view: Any) -> str:
    """The modal that it was pressed in, to be drawn anew; the Home tab is drawn anew by itself."""
    return external_id(view, "id") if isinstance(view, Mapping) and view.get("type") == "modal" else ""


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Undecodable("A form holds no day.") from None
