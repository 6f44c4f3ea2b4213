"""What bounds a question: an occasion to count from, and a channel to look in; and when such an occasion was."""

from datetime import UTC, datetime, timedelta
from uuid import uuid5

import pytest
from hypothesis import given as example
from hypothesis import strategies as st

from graphs.tasks import asked, bounds, occasions, understand
from graphs.tasks.bounds import Occasion
from graphs.tasks.occasions import Met, Told
from graphs.tasks.understand import QueryPlan
from memory.models.ids import MessageId
from tests.unit.morning import ANA, BEN, MIRA, NOW, PEOPLE

SPACE = MIRA.person_id


def plan(text: str) -> QueryPlan:
    found = understand.rules(understand.Given(text=text, asker=MIRA, people=PEOPLE, asked_at=NOW, bot_id="UD"))
    understand.check(understand.Given(text=text, asker=MIRA, people=PEOPLE, asked_at=NOW), found)
    return found


def told(text: str, hours_ago: float, *, place: str = "ops", around: str = "") -> Told:
    key = MessageId(uuid5(SPACE, f"{text}{hours_ago}{place}"))
    at = NOW - timedelta(hours=hours_ago)
    return Told(message_id=key, place=place, text=text, around=f"{place} {around}", posted_at=at, tz="Europe/Berlin")


def occasion(text: str) -> Occasion:
    found = plan(text).occasion
    assert found is not None
    return found


def dated(text: str, *said: Told) -> Told | None:
    """The message that dates the occasion of a question, of these."""
    found = occasions.told(occasion(text), said, NOW, "Europe/Berlin")
    return next((each for each in said if found and each.message_id == found.message_id), None)


@pytest.mark.parametrize(
    ("text", "bound", "kind", "words"),
    [
        ("what was decided since the incident?", "since", "incident", ()),
        ("what changed on the ledger since the payments incident", "since", "incident", ("payments",)),
        ("Since last week's outage, what did we promise?", "since", "incident", ()),
        ("what happened after the checkout outage?", "since", "incident", ("checkout",)),
        ("anything decided since the release of v2?", "since", "release", ("v2",)),
        ("what was promised before the code freeze?", "before", "freeze", ()),
        ("what was promised before the meeting with Ben?", "before", "meeting", ()),
        ("what broke since checkout went down?", "since", "incident", ("checkout",)),
        ("what changed since we shipped Quince?", "since", "release", ("quince",)),
        ("what was asked ever since the ledger rollback", "since", "rollback", ("ledger",)),
        ("what did I promise since the retro?", "since", "meeting", ()),
    ],
)
def test_an_occasion_is_heard(text: str, bound: str, kind: str, words: tuple[str, ...]) -> None:
    """What a question counts from is no word to search for, and leaves its own words alone."""
    found = plan(text)
    assert found.occasion is not None
    assert (found.occasion.bound, found.occasion.kind, found.occasion.words) == (bound, kind, words)
    assert not {"incident", "outage", "freeze", "rollback", "retro", *words} & {*found.terms}
    assert not {"incident", "outage", "freeze", *words} & {
        w for each in asked.wanted_in(text, found, {}) for w in each.words
    }


@pytest.mark.parametrize(
    "text",
    [
        "what do we have to finish before the freeze?",
        "why does the drive time out after the brake is released?",
        "what did I miss since Monday?",
        "who fixes the incident form?",
        "prepare me for the meeting with Ben",
        "what do I need to know before the call with Ben?",
        "brief me on what was decided before the call with Ben",
        "after how many timeouts should the breaker trip?",
    ],
)
def test_what_only_sounds_like_one_is_none(text: str) -> None:
    """What is still to be done before something, and what a meeting is prepared for, dates nothing."""
    assert plan(text).occasion is None


def test_who_was_met_is_no_one_asked_about() -> None:
    """Of a meeting with somebody it is not asked what they did."""
    found = plan("what did Ana promise since the meeting with <@U2>?")
    assert found.person_ids == (ANA.person_id,)
    assert found.occasion is not None
    assert found.occasion.person_ids == (BEN.person_id,)
    assert occasion("what was decided since the meeting with Ben Osei?").person_ids == (BEN.person_id,)
    assert occasion("what was decided since the meeting with Ben Osei?").words == ()


@pytest.mark.parametrize(
    ("text", "external_id", "name"),
    [
        ("what was decided in #design?", "", "design"),
        ("what was decided in <#C123|payments> yesterday?", "C123", "payments"),
        ("what was decided in <#C123>?", "C123", ""),
        ("catch me up on #norrsund-launch", "", "norrsund-launch"),
        ("what's going on in the #ops channel", "", "ops"),
    ],
)
def test_a_channel_is_heard(text: str, external_id: str, name: str) -> None:
    """A channel that is named is looked in, and is no word to search for."""
    found = plan(text)
    assert found.place is not None
    assert (found.place.external_id, found.place.name) == (external_id, name)
    assert not found.terms


@pytest.mark.parametrize("text", ["who reviews PR #42?", "who merged #feature-x?", "what is channel 4 about?"])
def test_a_number_or_a_tag_is_no_channel(text: str) -> None:
    """Pull requests and tags are written with the same sign."""
    assert plan(text).place is None


@example(text=st.text(max_size=200) | st.from_regex(r"(what )?(since|before) the (\w+ ){0,5}(outage|release) in #\w+"))
def test_bounds_of_any_text_are_its_own_words(text: str) -> None:
    """What is taken for a bound stands in the question, and nothing is added to the rest."""
    found = bounds.read(text)
    plain = " ".join(text.split())
    assert all(span in plain or span in found.rest or plain.count(span.split()[0]) for span in found.spans)
    assert len(found.rest) <= len(plain)


def test_an_incident_began_when_it_was_first_told_of() -> None:
    """Not when somebody asked for the postmortem, and not with the last message of it."""
    first = told("Checkout returns 502 for 3% of customers.", 20)
    said = (
        told("The site went down for a minute.", 60),
        first,
        told("Still seeing 502s here.", 19),
        told("Please write the postmortem for the checkout outage.", 10),
    )
    assert dated("what was decided since the incident?", *said) == first
    assert dated("what was decided since the checkout outage?", *said) == first


def test_another_incident_is_told_apart_by_its_words() -> None:
    """The last one of that name, not the last of all; its place and what stands beside it name it too."""
    payments = told("API is down", 30, place="payments")
    assert dated("what changed since the payments incident?", payments, told("wiki is down", 5)) == payments
    assert dated("what changed since the search outage?", payments, told("wiki is down", 5)) is None


def test_what_was_not_so_dates_nothing() -> None:
    """A release that is to come, or did not happen, is none."""
    assert dated("what broke since the release?", told("We will have released it by then", 5)) is None
    assert dated("what broke since the release?", told("It was not released", 5)) is None
    shipped = told("Released 2.4 to everybody", 30)
    assert dated("what broke since the release?", shipped, told("when it is released, tell me", 2)) == shipped


def test_a_day_that_was_set_dates_it_once_it_has_come() -> None:
    """The day counts, not when it was set; the last word on it holds."""
    first, moved = told("We freeze on Monday", 24 * 9), told("We freeze from the 18th of November instead", 24 * 8)
    found = occasions.told(occasion("what was decided since the freeze?"), (first, moved), NOW, "Europe/Berlin")
    assert found is not None
    assert (found.message_id, found.day_only) == (moved.message_id, True)
    assert found.at == datetime(2026, 11, 17, 23, 0, tzinfo=UTC)  # midnight in Berlin


def test_what_is_to_come_bounds_only_what_was_before() -> None:
    """A freeze of next month has seen nothing since; before it was everything."""
    said = told("We agreed to freeze the platform from the 21st of December.", 10)
    assert dated("what was decided before the freeze?", said) == said
    assert dated("what was decided since the freeze?", said) is None


def test_an_incident_that_is_only_talked_of_dates_by_the_talk() -> None:
    """When people first spoke of it lately, if nobody told of it as it happened."""
    first = told("What a mess, that payments incident.", 30)
    assert (
        dated("what was decided since the payments incident?", first, told("the payments incident cost us", 4)) == first
    )


def test_what_is_said_after_the_question_dates_nothing() -> None:
    """An answer that is made anew later counts from what was known when it was asked."""
    assert dated("what was decided since the outage?", told("The site is down", -1)) is None


def test_meetings_are_known_by_people_and_by_title() -> None:
    """The last one with somebody, or of that name, that had begun."""

    def met(title: str, hours_ago: float, *people: object) -> Met:
        key = MessageId(uuid5(SPACE, title))
        return Met.model_validate(
            {
                "message_id": key,
                "title": title,
                "starts_at": NOW - timedelta(hours=hours_ago),
                "attendees": people,
            }
        )

    retro, catch_up = (
        met("Retro", 30, MIRA.person_id, ANA.person_id),
        met("Mira and Ben", 50, MIRA.person_id, BEN.person_id),
    )
    later = met("Ben again", -2, MIRA.person_id, BEN.person_id)
    known = (retro, catch_up, later)
    for text, expected in (
        ("what was decided since the meeting with Ben?", catch_up),
        ("what was decided since the retro?", retro),
        ("what was decided since the meeting?", retro),
        ("what was promised since the planning?", None),
    ):
        found = occasions.met(occasion(text), known, NOW)
        assert (found.message_id if found else None) == (expected.message_id if expected else None), text


def test_a_follow_up_names_an_occasion_by_itself() -> None:
    """`what about since the release` has a bound of its own."""
    assert plan("and since the release?").span == "since the release"
