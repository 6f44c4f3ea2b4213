"""What people chose."""

from datetime import date, time

from memory.models.happenings.happening import Happening
from memory.models.ids import ContainerId, ContentId, PersonId
from memory.models.settings import Length, Place


class SettingsChanged(Happening):
    """How somebody wants to be briefed from here on, in full. What their projects are called stands in `contents`."""

    brief_at: time
    workdays: tuple[int, ...]
    quiet_days: tuple[date, ...]
    away_from: date | None
    away_until: date | None
    on_activity: bool
    weekly_review: bool
    place: Place
    length: Length
    followed: tuple[ContainerId, ...]
    muted: tuple[ContainerId, ...]
    people: tuple[PersonId, ...]
    manager_id: PersonId | None
    report_ids: tuple[PersonId, ...]
    projects_id: ContentId | None


class SettingsErased(Happening):
    """Nothing that this person chose is kept."""


class FollowUpsStopped(Happening):
    """A member wants Daybook to answer in this channel only when it is called."""


class FollowUpsResumed(Happening):
    """A member wants the next question in a thread answered again without a mention."""
