"""The sample team is a document that the local workspace can load without asking."""

import json
import re
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.local.sample import SAMPLE

Record = dict[str, Any]

USER_ID = re.compile(r"U[A-Z0-9]{1,10}")
CHANNEL_ID = re.compile(r"C[A-Z0-9]{1,10}")
TS = re.compile(r"\d{10}\.\d{6}")
MARKUP = re.compile(r"<([^<>]*)>")
HOST = re.compile(r"(?:https?://|www\.|[\w.+-]+@)([\w.-]+\w)")
BARE_DOMAIN = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|cloud|ai|co|eu|de)\b")


@pytest.fixture(scope="module")
def team() -> Record:
    document: Record = json.loads(SAMPLE.read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def users(team: Record) -> dict[str, Record]:
    return {user["id"]: user for user in team["users"]}


@pytest.fixture(scope="module")
def channels(team: Record) -> dict[str, Record]:
    return {channel["id"]: channel for channel in team["channels"]}


def wordings(message: Record) -> list[str]:
    return [message["text"], *([message["edited"]["text"]] if message["edited"] else [])]


def moment(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)


def test_ids_are_unique_and_of_slacks_form(team: Record, users: dict[str, Record], channels: dict[str, Record]) -> None:
    """Every user and channel has an id of Slack's form and a name that nobody else has."""
    assert all(USER_ID.fullmatch(user) for user in users)
    assert all(CHANNEL_ID.fullmatch(channel) for channel in channels)
    for records in (team["users"], team["channels"]):
        assert len({record["id"] for record in records}) == len(records)
        assert len({record["name"] for record in records}) == len(records)


def test_is_large_enough_to_be_worth_a_briefing(team: Record) -> None:
    """The week has enough people, time zones, channels and messages to be believed."""
    people = [user for user in team["users"] if not user["is_bot"]]
    assert len(people) >= 10
    assert len({user["tz"] for user in people}) >= 3
    assert sum(user["is_bot"] for user in team["users"]) == 2
    assert sum(user["is_guest"] for user in people) == 1
    assert len(team["channels"]) >= 8
    assert sum(channel["kind"] == "private" for channel in team["channels"]) >= 2
    assert 320 <= len(team["messages"]) <= 380
    assert any(message["edited"] for message in team["messages"])
    assert any(message["thread_ts"] for message in team["messages"])
    assert any(message["reactions"] for message in team["messages"])


def test_people_resolve(users: dict[str, Record]) -> None:
    """Every person has a known time zone, an address at example.com and a manager who exists, without a circle."""
    for user in users.values():
        ZoneInfo(user["tz"])
        assert user["email"] == f"{user['name']}@example.com"
        above, boss = {user["id"]}, user["manager"]
        while boss is not None:
            assert boss not in above
            above.add(boss)
            boss = users[boss]["manager"]


def test_channels_resolve(users: dict[str, Record], channels: dict[str, Record]) -> None:
    """Every channel is public or private, has a purpose, and its members exist and are named once."""
    for channel in channels.values():
        assert channel["kind"] in {"public", "private"}
        assert channel["purpose"]
        assert set(channel["members"]) <= set(users)
        assert len(set(channel["members"])) == len(channel["members"])


def test_daybook_is_missing_from_exactly_one_channel(team: Record) -> None:
    """Daybook reads every channel but one, so that not reading can be seen."""
    assert [channel["bot_is_member"] for channel in team["channels"]].count(False) == 1


def test_leaders_exist_and_read_different_things(team: Record, users: dict[str, Record]) -> None:
    """The three leaders are people, each private channel excludes one of them, and no two read the same channels."""
    by_handle = {user["name"]: user for user in users.values()}
    leaders = [by_handle[handle]["id"] for handle in team["leaders"]]
    assert len(set(leaders)) == 3
    assert not any(users[leader]["is_bot"] or users[leader]["is_guest"] for leader in leaders)
    private = [channel for channel in team["channels"] if channel["kind"] == "private"]
    assert all(set(leaders) - set(channel["members"]) for channel in private)
    heard = [channel for channel in private if channel["bot_is_member"]]
    reads = [frozenset(channel["id"] for channel in heard if leader in channel["members"]) for leader in leaders]
    assert len(set(reads)) == 3


def test_times_are_unique_sorted_and_before_now(team: Record) -> None:
    """Message times are Slack's strings, strictly increasing, and within the week up to now."""
    stamps = [message["ts"] for message in team["messages"]]
    assert all(TS.fullmatch(ts) for ts in stamps)
    assert all(earlier < later for earlier, later in pairwise(stamps))
    assert moment(stamps[0]) >= datetime(2026, 11, 9, tzinfo=UTC)
    assert moment(stamps[-1]) < datetime.fromisoformat(team["now"])


def test_there_is_a_live_day_and_a_history(team: Record) -> None:
    """Before the replay lies a history, after it a full day, and the morning is the day of now."""
    replay_from = datetime.fromisoformat(team["replay_from"])
    live = [message for message in team["messages"] if moment(message["ts"]) >= replay_from]
    assert 80 <= len(live) <= len(team["messages"]) - 150
    assert replay_from < datetime.fromisoformat(team["now"])
    assert date.fromisoformat(team["morning"]) == datetime.fromisoformat(team["now"]).date()


def test_threads_have_parents(team: Record) -> None:
    """Every reply names an earlier top-level message of its own channel."""
    top = {(message["channel"], message["ts"]) for message in team["messages"] if message["thread_ts"] is None}
    for message in team["messages"]:
        if message["thread_ts"] is not None:
            assert (message["channel"], message["thread_ts"]) in top
            assert message["thread_ts"] < message["ts"]


def test_only_members_speak_and_react(team: Record, channels: dict[str, Record]) -> None:
    """Authors and those who react are members of the channel, and nobody reacts twice with one emoji."""
    for message in team["messages"]:
        members = set(channels[message["channel"]]["members"])
        assert message["user"] in members
        names = [reaction["name"] for reaction in message["reactions"]]
        assert len(set(names)) == len(names)
        for reaction in message["reactions"]:
            assert reaction["users"]
            assert set(reaction["users"]) <= members
            assert len(set(reaction["users"])) == len(reaction["users"])


def test_edits_come_after_and_change_something(team: Record) -> None:
    """An edit is later than its message, before now, and differs from the first wording."""
    now = datetime.fromisoformat(team["now"])
    for message in team["messages"]:
        if edited := message["edited"]:
            assert TS.fullmatch(edited["ts"])
            assert message["ts"] < edited["ts"]
            assert moment(edited["ts"]) < now
            assert edited["text"] != message["text"]


def test_every_mention_resolves(team: Record, users: dict[str, Record], channels: dict[str, Record]) -> None:
    """What stands in angle brackets is a known user, a known channel with its right name, or a link with a label."""
    for message in team["messages"]:
        for text in wordings(message):
            assert text.strip()
            for inner in MARKUP.findall(text):
                if inner.startswith("@"):
                    assert inner[1:] in users
                elif inner.startswith("#"):
                    channel, name = inner[1:].split("|")
                    assert channels[channel]["name"] == name
                else:
                    assert re.fullmatch(r"https://example\.com/[^|\s]+\|[^|]+", inner)
            plain = MARKUP.sub("", text)
            assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)|https?:", plain), plain
            assert not re.search(r"(?<!\w)@[a-z]", plain), plain


def test_private_channels_are_not_named_outside(team: Record, channels: dict[str, Record]) -> None:
    """No message of another channel names a private one, whose existence is not for everybody."""
    private = {name: channel["name"] for name, channel in channels.items() if channel["kind"] == "private"}
    for message in team["messages"]:
        for channel, name in private.items():
            if channel != message["channel"]:
                assert not any(name in text or channel in text for text in wordings(message))


def test_no_domain_but_example_com() -> None:
    """The document names no domain of the real world."""
    text = SAMPLE.read_text(encoding="utf-8")
    domains = {*HOST.findall(text), *BARE_DOMAIN.findall(text)}
    assert domains
    assert {domain for domain in domains if not re.fullmatch(r"(?:[\w-]+\.)*example\.com", domain)} == set()
