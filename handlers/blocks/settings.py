"""Settings: a few lines of them for the Home tab, and the form that changes them."""

from collections.abc import Mapping, Sequence
from datetime import date

from graphs import days
from handlers import quiet
from handlers.blocks import limits, mrkdwn
from handlers.blocks.limits import Block
from memory.models.base import Model
from memory.models.ids import ContainerId, PersonId
from memory.models.settings import USUAL_WORKDAYS, Length, Settings

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LENGTHS: dict[Length, str] = {
    "short": "Short: what needs me, and four lines",
    "usual": "Usual",
    "full": "Full: more of everything",
}
_PLACES = {"channel": "In a private channel of my own", "dm": "In a direct message"}
_MOST = 50


class Shown(Model):
    """Settings with the source's ids for what they name, as far as the person may see it now."""

    settings: Settings
    today: date
    channels: Mapping[ContainerId, str] = {}
    people: Mapping[PersonId, str] = {}
    manager: str = ""
    """Who the person's profile says they report to: then it is not for them to choose."""


def when(settings: Settings) -> str:
    """`workdays at 08:30`."""
    if settings.workdays == USUAL_WORKDAYS:
        worked = "workdays"
    else:
        worked = ", ".join(WEEKDAYS[each][:3] for each in settings.workdays)
    return f"{worked} at {settings.brief_at:%H:%M}"


def summary(settings: Settings, today: date) -> Block:
    """What was chosen, in a few lines without names, with the button that changes it."""
    button = limits.button("Settings", "settings")
    return limits.section("\n".join(_lines(settings, today)), block_id="settings", accessory=button)


def _lines(settings: Settings, today: date) -> list[str]:
    first = settings.length.capitalize() + " length"
    where = "in your own channel" if settings.place == "channel" else "in a direct message"
    review = "a review of the week on its last workday" if settings.weekly_review else "no review of the week"
    lines = [f"*Settings:* {first[:1].lower()}{first[1:]}, {where}, {review}."]
    if settings.away_until and settings.away_until > today:
        lines.append(f"You are away until {days.calendar_day(settings.away_until, today)}: nothing comes before.")
    ahead = [day for day in settings.quiet_days if day >= today]
    if ahead:
        lines.append(f"Quiet: {days.plural(len(ahead), 'day')}, next {days.calendar_day(min(ahead), today)}.")
    chosen = [
        *_counted(len(settings.followed), "channel", "you follow"),
        *_counted(len(settings.muted), "channel", "you muted"),
        *([days.plural(len(settings.people), "person", "people") + " you follow"] if settings.people else []),
        *_counted(len(settings.projects), "project", "you named"),
    ]
    if chosen:
        lines.append(f"{'; '.join(chosen).capitalize()}.")
    return lines


def _counted(many: int, what: str, done: str) -> list[str]:
    return [f"{days.plural(many, what)} {done}"] if many else []


def view(shown: Shown) -> Block:
    """The form. Each block, and the element in it, is called as what it asks for."""
    chosen = shown.settings
    return {
        "type": "modal",
        "callback_id": "settings",
        "title": limits.plain("Settings", limits.VIEW_TITLE),
        "submit": limits.plain("Save", limits.VIEW_TITLE),
        "close": limits.plain("Cancel", limits.VIEW_TITLE),
        "blocks": [*_hours(shown), *_reading(shown), *_company(shown), *_places(chosen)],
    }


def _hours(shown: Shown) -> list[Block]:
    chosen = shown.settings
    worked = [_option(name, str(number)) for number, name in enumerate(WEEKDAYS)]
    back = chosen.away_until if chosen.away_until and chosen.away_until > shown.today else None
    ahead = quiet.written(day for day in chosen.quiet_days if day >= shown.today)
    activity = [_option("Also when I am first active after 06:00", "yes")]
    return [
        _input("brief_at", "Time", _element("timepicker", initial_time=f"{chosen.brief_at:%H:%M}")),
        _input("workdays", "Days", _boxes("checkboxes", worked, [str(each) for each in chosen.workdays])),
        _input("on_activity", "Early", _boxes("checkboxes", activity, ["yes"] * chosen.on_activity), optional=True),
        _input(
            "away_until",
            "Away until",
            _element("datepicker", initial_date=back.isoformat() if back else None),
            optional=True,
            hint="The first day on which you want a briefing again. It then tells what happened meanwhile.",
        ),
        _input(
            "quiet_days",
            "Quiet days",
            _element("plain_text_input", initial_value=ahead or None, max_length=1000),
            optional=True,
            hint="Days without a briefing, such as 2026-12-24, 2026-12-28 to 2026-12-31.",
        ),
    ]


def _reading(shown: Shown) -> list[Block]:
    chosen = shown.settings
    lengths = [_option(label, name) for name, label in _LENGTHS.items()]
    followed, muted = (
        [shown.channels[each] for each in given if each in shown.channels] for given in (chosen.followed, chosen.muted)
    )
    return [
        _input("length", "Length", _boxes("static_select", lengths, [chosen.length])),
        _input("followed", "Channels to follow", _channels(followed), optional=True, hint="They weigh more."),
        _input(
            "muted",
            "Channels to mute",
            _channels(muted),
            optional=True,
            hint="You hear of them only what asks you, or was promised by you or to you.",
        ),
    ]


def _company(shown: Shown) -> list[Block]:
    chosen = shown.settings
    people = [shown.people[each] for each in chosen.people if each in shown.people]
    reports = [shown.people[each] for each in chosen.report_ids if each in shown.people]
    manager = shown.people.get(chosen.manager_id) if chosen.manager_id else None
    projects = _element("plain_text_input", initial_value=", ".join(chosen.projects) or None, max_length=1500)
    return [
        _input("people", "People whose work matters to you", _users(people), optional=True),
        _input("projects", "Projects that matter to you", projects, optional=True, hint="With commas between."),
        limits.context(f"Your profile says that you report to {limits.clip(mrkdwn.line(shown.manager), 100)}.")
        if shown.manager
        else _input("manager", "Your manager", _element("users_select", initial_user=manager), optional=True),
        _input(
            "reports", "Who reports to you", _users(reports), optional=True, hint="If their profiles do not say so."
        ),
    ]


def _places(chosen: Settings) -> list[Block]:
    places = [_option(label, name) for name, label in _PLACES.items()]
    review = [_option("On my last workday at 16:00, in ten lines", "yes")]
    return [
        _input("place", "Where", _boxes("radio_buttons", places, [chosen.place])),
        _input(
            "weekly_review",
            "Review of the week",
            _boxes("checkboxes", review, ["yes"] * chosen.weekly_review),
            optional=True,
        ),
    ]


def _input(name: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": limits.plain(label, 2000),
        "optional": optional,
        "element": element | {"action_id": name},
    }
    return block | ({"hint": limits.plain(hint, 2000)} if hint else {})


def _element(kind: str, **given: object) -> Block:
    return {"type": kind} | {name: value for name, value in given.items() if value is not None}


def _option(label: str, value: str) -> Block:
    return {"text": limits.plain(label, 75), "value": value}


def _boxes(kind: str, options: Sequence[Block], chosen: Sequence[str]) -> Block:
    """Options of which some, or one, are chosen already."""
    initial = [each for each in options if each["value"] in chosen]
    if kind == "checkboxes":
        return _element(kind, options=list(options), initial_options=initial or None)
    return _element(kind, options=list(options), initial_option=initial[0] if initial else None)


def _channels(chosen: Sequence[str]) -> Block:
    only = {"include": ["public", "private"]}
    initial = list(chosen[:_MOST]) or None
    return _element("multi_conversations_select", filter=only, initial_conversations=initial, max_selected_items=_MOST)


def _users(chosen: Sequence[str]) -> Block:
    return _element("multi_users_select", initial_users=list(chosen[:_MOST]) or None, max_selected_items=_MOST)
