"""The settings form: what it shows is what comes back, and each field that cannot stay says what to do."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local.workspace import entries
from bot.local.workspace.view_limits import check_view
from handlers import choosing, decode, quiet
from handlers.arrivals import SettingsSubmitted
from handlers.blocks import settings as settings_blocks
from handlers.choosing import Known
from handlers.errors import Undecodable
from memory.models.ids import ContainerId, PersonId, TeamId, container_id, person_id
from memory.models.settings import Settings

TEAM = TeamId("T1")
TODAY = date(2026, 11, 20)


def who(key: str) -> PersonId:
    return person_id(TEAM, "slack", key)


def where(key: str) -> ContainerId:
    return container_id(TEAM, "slack", key)


ME, OTHERS, PLACES = who("U1"), [who(f"U{n}") for n in range(2, 6)], [where(f"C{n}") for n in range(4)]
PEOPLE = {who(f"U{n}"): f"U{n}" for n in range(1, 6)}
CHANNELS = {where(f"C{n}"): f"C{n}" for n in range(4)}

days_ahead = st.integers(0, 300).map(lambda ahead: TODAY + timedelta(days=ahead))
names = st.text("abcdé -/&<>", min_size=1, max_size=30).map(lambda name: " ".join(name.split())).filter(bool)


@st.composite
def all_settings(draw: st.DrawFn) -> Settings:
    """Whatever somebody may have chosen."""
    shuffled = draw(st.permutations(PLACES))
    cut = draw(st.integers(0, 4))
    back = draw(st.none() | days_ahead.filter(lambda day: day > TODAY))
    people = draw(st.permutations(OTHERS))
    return Settings(
        brief_at=draw(st.times()).replace(second=0, microsecond=0, fold=0),
        workdays=tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1)))),
        quiet_days=tuple(sorted(draw(st.sets(days_ahead, max_size=20)))),
        away_from=TODAY if back else None,
        away_until=back,
        on_activity=draw(st.booleans()),
        weekly_review=draw(st.booleans()),
        place=draw(st.sampled_from(("channel", "dm"))),
        length=draw(st.sampled_from(("short", "usual", "full"))),
        followed=tuple(shuffled[:cut]),
        muted=tuple(shuffled[cut:]),
        people=tuple(people[:2]),
        manager_id=draw(st.none() | st.just(people[2])),
        report_ids=tuple(people[3:]),
        projects=tuple(dict.fromkeys(draw(st.lists(names, max_size=8)))),
    )


def form(settings: Settings) -> dict[str, Any]:
    return settings_blocks.view(settings_blocks.Shown(settings=settings, today=TODAY, channels=CHANNELS, people=PEOPLE))


def submitted(view: dict[str, Any], **chosen: Any) -> SettingsSubmitted:
    """What arrives when this person fills these fields in, and saves."""
    state = {name: {name: value} for name, value in chosen.items()}
    values = entries.values(view["blocks"], entries.merged(view["blocks"], {}, state))
    payload = {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": "U1"},
        "trigger_id": "1.2.3",
        "view": {"id": "V1", "callback_id": view["callback_id"], "state": {"values": values}},
    }
    (found,) = decode.body(payload, "UBOT")
    assert isinstance(found, SettingsSubmitted)
    return found


def known(before: Settings | None = None) -> Known:
    everybody = frozenset({ME, *OTHERS})
    return Known(me=ME, today=TODAY, before=before or Settings(), people=everybody, channels=frozenset(PLACES))


@given(all_settings())
def test_a_form_that_is_saved_as_it_stands_changes_nothing(chosen: Settings) -> None:
    """Whatever was chosen, the form shows it within Slack's limits, and brings it back."""
    view = form(chosen)
    assert check_view(view, "modal") == []
    found = choosing.judge(submitted(view), known(chosen))
    assert found.wrong == {}
    same = {"followed", "muted", "people", "report_ids"}
    assert found.settings.model_dump(exclude=same) == chosen.model_dump(exclude=same)
    assert all({*getattr(found.settings, name)} == {*getattr(chosen, name)} for name in same)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"workdays": []}, {"workdays": choosing.ANY_DAY}),
        ({"brief_at": None}, {"brief_at": choosing.ANY_TIME}),
        ({"length": None}, {"length": choosing.NO_CHOICE}),
        ({"away_until": "2026-11-20"}, {"away_until": choosing.HAS_COME}),
        ({"away_until": "2028-11-20"}, {"away_until": choosing.TOO_LONG}),
        ({"quiet_days": "christmas"}, {"quiet_days": None}),
        ({"quiet_days": "2026-02-30"}, {"quiet_days": None}),
        ({"quiet_days": "2026-12-31 to 2026-12-24"}, {"quiet_days": None}),
        ({"followed": ["C9"]}, {"followed": choosing.NOT_READ}),
        ({"followed": ["C1"], "muted": ["C1"]}, {"muted": choosing.BOTH}),
        ({"people": ["U9"]}, {"people": choosing.UNKNOWN}),
        ({"manager": "U1"}, {"manager": choosing.OWN_MANAGER}),
        ({"manager": "U9"}, {"manager": choosing.UNKNOWN}),
        ({"manager": "U2", "reports": ["U2"]}, {"reports": choosing.MANAGER_REPORTS}),
        ({"reports": ["U9"]}, {"reports": choosing.UNKNOWN}),
        ({"projects": ",".join(f"p{n}" for n in range(21))}, {"projects": choosing.MANY_PROJECTS}),
        ({"projects": "x" * 61}, {"projects": choosing.MANY_PROJECTS}),
    ],
    ids=str,
)
def test_what_cannot_stay_is_said_at_its_field(fields: dict[str, Any], wrong: dict[str, str | None]) -> None:
    """One sentence a field, and what was chosen there before stays; the other fields are taken."""
    before = Settings(projects=("Ledger",), quiet_days=(date(2026, 12, 1),))
    asked = submitted(form(before), **{"place": "dm", **fields})
    found = choosing.judge(asked, known(before))
    assert {*found.wrong} == {*wrong}
    for name, sentence in found.wrong.items():
        assert sentence.endswith(".")
        assert sentence == (wrong[name] or sentence)
    assert found.settings.place == "dm"
    assert (found.settings.projects, found.settings.quiet_days) == (before.projects, before.quiet_days)


def test_days_that_were_quiet_stay_so_when_the_form_is_saved_anew() -> None:
    """Who comes back early, and says so, was away until then all the same; the form shows what lies ahead only."""
    away = Settings(
        away_from=date(2026, 11, 16),
        away_until=date(2026, 11, 30),
        quiet_days=(date(2026, 9, 1), date(2026, 11, 10), date(2026, 12, 24)),
    )
    asked = submitted(form(away), away_until=None)
    assert asked.quiet_days == "2026-12-24"
    found = choosing.judge(asked, known(away)).settings
    assert found.away_until is None
    assert found.quiet_days == (
        *(date(2026, 11, day) for day in (10, 16, 17, 18, 19)),
        date(2026, 12, 24),
    )
    later = choosing.judge(submitted(form(away), away_until="2026-12-07"), known(away)).settings
    assert (later.away_from, later.away_until) == (date(2026, 11, 16), date(2026, 12, 7))


def test_a_manager_whom_the_profile_names_is_not_to_be_chosen() -> None:
    """The form says who it is, and a choice that is not shown is not made."""
    shown = settings_blocks.Shown(settings=Settings(), today=TODAY, manager="Ida *Sand* <!here>")
    view = settings_blocks.view(shown)
    assert check_view(view, "modal") == []
    assert "manager" not in [block.get("block_id") for block in view["blocks"]]
    assert choosing.judge(submitted(view), known()).settings.manager_id is None


def test_other_forms_and_broken_ones_change_nothing() -> None:
    """A form that is not ours is nobody's business; one of ours without its values cannot be read."""
    payload = {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": "U1"}, "view": {"callback_id": "why"}}
    assert decode.body(payload, "UBOT") == []
    for view in ({"callback_id": "settings"}, {"callback_id": "settings", "id": "V1", "state": {"values": [1]}}):
        with pytest.raises(Undecodable):
            decode.body({**payload, "view": view}, "UBOT")


@given(st.sets(st.dates(date(2026, 1, 1), date(2028, 12, 31)), max_size=60))
def test_days_come_back_as_they_were_written(days: set[date]) -> None:
    """Neighbours as a span, the others alone."""
    assert quiet.read(quiet.written(days)) == tuple(sorted(days))


@given(st.text(max_size=60))
def test_any_text_is_days_or_a_sentence(text: str) -> None:
    """Nothing that is typed there breaks anything."""
    try:
        found = list(quiet.read(text))
    except quiet.UnreadableDays:
        return
    assert found == sorted({*found})


def test_a_span_of_a_thousand_years_is_refused_at_once() -> None:
    """Before it is counted out."""
    with pytest.raises(quiet.UnreadableDays, match="Away until"):
        quiet.read("1000-01-01 to 9999-12-31")


def test_the_home_tab_tells_it_in_a_few_lines_without_names() -> None:
    """What was chosen is counted there, and read in the form."""
    chosen = Settings(
        workdays=(0, 2),
        brief_at=time(7, 5),
        away_until=date(2026, 11, 30),
        away_from=TODAY,
        quiet_days=(date(2026, 12, 24),),
        followed=tuple(PLACES[:2]),
        muted=(PLACES[2],),
        people=tuple(OTHERS[:1]),
        projects=("Marigold",),
        weekly_review=True,
    )
    said = settings_blocks.summary(chosen, TODAY)["text"]["text"]
    assert settings_blocks.when(chosen) == "Mon, Wed at 07:05"
    assert said.splitlines() == [
        "*Settings:* usual length, in your own channel, a review of the week on its last workday.",
        "You are away until Mon 30 Nov: nothing comes before.",
        "Quiet: one day, next Thu 24 Dec.",
        "Two channels you follow; one channel you muted; one person you follow; one project you named.",
    ]
