"""Raw submissions of views -> models: what somebody filled in, as text and ids, not judged yet."""

from collections.abc import Mapping
from typing import Any

from handlers.arrivals import SettingsSubmitted
from handlers.raw import Raw, external_id, part, refusing, text
from memory.models.ids import TeamId, derive, person_id

SETTINGS = "settings"
"""The callback id of the form."""
_MOST = 200


@refusing
def submitted(raw: Raw, team: TeamId, source: str) -> list[SettingsSubmitted]:
    """What a submission tells; nothing for views that ask for nothing."""
    view = part(raw, "view")
    if view.get("callback_id") != SETTINGS:
        return []
    user = external_id(part(raw, "user"), "id")
    values = part(part(view, "state"), "values")
    return [
        SettingsSubmitted(
            team_id=team,
            person_id=person_id(team, source, user),
            external_id=user,
            key=str(derive(external_id(view, "id"), raw.get("trigger_id") or view.get("hash"))),
            brief_at=_written(values, "brief_at", "selected_time"),
            workdays=_options(values, "workdays"),
            on_activity=bool(_options(values, "on_activity")),
            away_until=_written(values, "away_until", "selected_date"),
            quiet_days=_written(values, "quiet_days", "value"),
            length=_option(values, "length"),
            followed=_ids(values, "followed", "selected_conversations"),
            muted=_ids(values, "muted", "selected_conversations"),
            people=_ids(values, "people", "selected_users"),
            projects=_written(values, "projects", "value"),
            manager=_written(values, "manager", "selected_user"),
            reports=_ids(values, "reports", "selected_users"),
            place=_option(values, "place"),
            weekly_review=bool(_options(values, "weekly_review")),
        )
    ]


def _held(values: Raw, name: str) -> Mapping[str, Any]:
    """What an element holds, whose block is called as it is; nothing where the form does not show it."""
    block = values.get(name) or {}
    held: Mapping[str, Any] = block.get(name) or {}
    return held


def _written(values: Raw, name: str, field: str) -> str:
    return text(_held(values, name).get(field)).strip()


def _option(values: Raw, name: str) -> str:
    return text((_held(values, name).get("selected_option") or {}).get("value"))


def _options(values: Raw, name: str) -> tuple[str, ...]:
    chosen = _held(values, name).get("selected_options") or []
    return tuple(text(each.get("value")) for each in chosen[:_MOST])


def _ids(values: Raw, name: str, field: str) -> tuple[str, ...]:
    chosen = _held(values, name).get(field) or []
    return tuple(dict.fromkeys(external_id({"id": each}, "id") for each in chosen[:_MOST]))
