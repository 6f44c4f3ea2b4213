"""An hour in which the model fails, around the time when briefings are due: all come in time, and all mends by itself.

Time is the workspace's: it runs like a clock and is set forward over what is not to be waited for, and what the bot
counts of the endpoint's health goes by it. Deadlines of calls pass for real. `make chaos` runs every failure with 200
people and the settings' defaults (DAYBOOK_PEOPLE: another number), and prints what was measured.
"""

import asyncio
import json
import os
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast, get_args

import pytest

from bot.language.breaker import LONGEST_REST
from bot.local.postgres import EmbeddedPostgres
from bot.local.workspace.clock import Clock
from memory import containers
from memory.models.ids import PersonId, TeamId, container_id, person_id
from tests.conftest import TestDatabase
from tests.openai_server import readers, stub
from tests.openai_server.server import KEY, Fault, OpenAIServer, serving
from tests.scenarios import crowd
from tests.scenarios.house import House, is_briefing, opened, until, words
from tests.scenarios.team import BOT

DUE = crowd.EIGHT + timedelta(minutes=30)
NINE = crowd.EIGHT + timedelta(hours=1)
LATEST = DUE + timedelta(minutes=15)
MADE = re.compile(r"made by (model and rules|model|rules)\b")


@dataclass(frozen=True)
class Failing:
    """A way to fail, and who may have made a briefing meanwhile."""

    name: str
    told: dict[str, Any] = field(default_factory=dict)
    makers: frozenset[str] = frozenset({"rules"})
    recovery: float = LONGEST_REST + 1
    """Seconds after which, the model being well again, it is asked."""

    @property
    def fault(self) -> Fault:
        found = self.name.split()[0]
        assert found in get_args(Fault)
        return cast(Fault, found)


ANYBODY = frozenset({"rules", "model", "model and rules"})
HOURS = (
    Failing("limited"),
    Failing("limited for 2 s", {"retry_after": "2"}),
    Failing("limited for 20 s", {"retry_after": "20"}),
    Failing("limited for 10 min", {"retry_after": "600"}, recovery=601),
    Failing("failing"),
    Failing("hanging"),
    Failing("slow by 10 s", {"seconds": 10}, ANYBODY),
    Failing("slow by 20 s", {"seconds": 20}),
    Failing("disconnecting"),
    Failing("truncated_body"),
    Failing("malformed_body"),
    Failing("error_body"),
    Failing("streaming"),
    Failing("denied"),
    Failing("no_quota"),
    Failing("refusing"),
    Failing("filtered"),
    Failing("no_choices"),
    Failing("empty"),
    Failing("prose"),
    Failing("cut_off"),
    Failing("truncated_json", makers=ANYBODY),
    Failing("wrong_schema"),
    Failing("wrong_ids"),
    Failing("foreign_links"),
    Failing("obedient", makers=ANYBODY),
)
SAMPLE = (
    Failing("hanging"),
    Failing("limited for 2 s", {"retry_after": "2"}),
    Failing("wrong_ids"),
)


@dataclass(frozen=True)
class Following:
    """Time as waiting needs it, by the workspace's clock: an hour that is left out has passed."""

    clock: Clock

    def time(self) -> float:
        return self.clock.now().timestamp()

    async def sleep(self, seconds: float) -> None:
        end = self.time() + seconds
        while self.time() < end:  # noqa: ASYNC110  # the clock may be set meanwhile
            await asyncio.sleep(min(seconds, 0.2))


@dataclass(frozen=True)
class Morning:
    """Thursday evening, with so many people, in a database to be copied: everything said is worked out."""

    many: int
    template: str
    postgres: EmbeddedPostgres

    @asynccontextmanager
    async def house(self, name: str, folder: Path) -> AsyncIterator[House]:
        self.postgres.create_database(name, template=self.template)
        database = TestDatabase(name, self.postgres.admin_dsn(name), self.postgres.app_dsn(name))
        try:
            async with opened(database, folder, crowd.seed(self.many), crowd.EVENING) as house:
                yield house
        finally:
            self.postgres.drop_database(name)


@asynccontextmanager
async def model() -> AsyncIterator[OpenAIServer]:
    async with serving() as running:
        running.script("compose", stub.each_piece(readers.reworded))
        running.script("extract", stub.each_piece(readers.minutes_of))
        yield running
        assert running.refused == []


def settings(server: OpenAIServer, **given: Any) -> dict[str, Any]:
    usual = {"openai_api_key": KEY, "openai_base_url": server.url, "model_small": "small", "model_large": "large"}
    return {**usual, "model_person_tokens": 10_000_000, "model_daily_tokens": 1_000_000_000, **given}


async def prepared(postgres: EmbeddedPostgres, template: str, many: int, folder: Path) -> Morning:
    """The workspace taken in while the model is well; everybody has a channel of their own."""
    morning = Morning(many, f"crowd_of_{many}", postgres)
    postgres.create_database(morning.template, template=template)
    database = TestDatabase(morning.template, postgres.admin_dsn(morning.template), postgres.app_dsn(morning.template))
    everybody = (*crowd.leaders(many), *crowd.LATER)
    async with model() as server, opened(database, folder, crowd.seed(many), crowd.EVENING) as house:
        house.workspace.world.limits = None
        given = settings(server, model_reading_delay=0.05, workers=8)
        async with house.daybook(leaders=everybody, **given) as daybook:
            team = daybook.workspace.team
            async with daybook.database.house() as connection:
                for key in everybody:
                    place = container_id(team, "slack", crowd.personal(key))
                    await containers.make_personal(connection, team, place, _person(key), house.workspace.clock.now())
            await house.quiet(within=300)
    return morning


async def live_through(house: House, failing: Failing, many: int, **given: Any) -> dict[str, Any]:
    """The morning, with the model failing from eight to nine; what was seen of it."""
    async with (
        model() as server,
        house.daybook(arrive=False, timer=Following(house.workspace.clock), **settings(server, **given)) as daybook,
    ):
        server.misbehave(failing.fault, **failing.told)
        house.at(crowd.EIGHT)
        await house.workspace.replay(crowd.at_eight(many))
        await house.taken_in(60)
        house.at(DUE)
        began = time.monotonic()
        await until(lambda: _delivered(house, many), "all briefings", (LATEST - DUE).total_seconds() + 30)
        seen = {"seconds": round(time.monotonic() - began), "calls": server.calls, **await _briefings(house)}
        assert house.workspace.clock.now() < NINE
        house.at(NINE)
        # The worst that may be: the endpoint was asked just now, and has failed once more.
        await _brief(house, daybook, crowd.LATER[0], 120)
        assert (await _maker(house, crowd.LATER[0])) in failing.makers
        server.behave()
        house.workspace.clock.advance(timedelta(seconds=failing.recovery))
        seen["calls"] = server.calls
        await _brief(house, daybook, crowd.LATER[1], 60)
        seen["after"] = await _maker(house, crowd.LATER[1])
        house.at(DUE, hours=1)
        await until(lambda: _delivered(house, many + len(crowd.LATER)), "the last briefing", 60)
        seen["next"] = await _maker(house, crowd.LATER[2])
        return seen


async def _delivered(house: House, many: int) -> bool:
    return int(await house.value("select count(*) from briefings where delivered_at is not null")) >= many


async def _brief(house: House, daybook: Any, key: str, within: float) -> None:
    """What the button does: the briefing at once."""
    person = _person(key)
    async with daybook.database.house() as connection:
        await daybook.jobs.brief_now(connection, daybook.workspace.team, person)
    told = "select count(*) from briefings where person_id = %s and delivered_at is not null"
    await until(lambda: house.value(told, person), f"the briefing of {key}", within)


async def _briefings(house: House) -> dict[str, Any]:
    """What all got, as it stands in Slack and in the database."""
    rows = await house.rows(
        "select person_id, engine, delivered_at, (select count(*) from items i where i.briefing_id = b.briefing_id)"
        " from briefings b"
    )
    shown = {_person(key): await _shown(house, key) for key in crowd.leaders(len(rows))}
    makers = Counter(shown.values())
    latest: datetime = max(at for _, _, at, _ in rows)
    assert {person: engine for person, engine, *_ in rows} == shown, "what a briefing says of who made it"
    assert all(items for *_, items in rows), "there was something to tell everybody"
    return {"delivered": len(rows), "latest": f"{latest:%H:%M:%S}", "late": latest >= LATEST, "makers": dict(makers)}


async def _shown(house: House, key: str) -> str:
    """Who made the one briefing of this person, as it says itself."""
    (found,) = [each for each in await house.messages(key, crowd.personal(key)) if each["user"] == BOT]
    assert is_briefing(found)
    said = MADE.search(words(found))
    assert said
    assert "evil.example/" not in json.dumps(found["blocks"])
    return said[1]


async def _maker(house: House, key: str) -> str:
    return str(await house.value("select engine from briefings where person_id = %s", _person(key)))


def _person(key: str) -> PersonId:
    return person_id(TeamId("T1"), "slack", key)


@pytest.fixture(scope="module")
async def few(postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory) -> Morning:
    return await prepared(postgres, template, 6, tmp_path_factory.mktemp("few"))


@pytest.fixture(scope="module")
async def all_of_them(postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory) -> Morning:
    many = int(os.environ.get("DAYBOOK_PEOPLE", "200"))
    return await prepared(postgres, template, many, tmp_path_factory.mktemp("all"))


@pytest.mark.parametrize("failing", SAMPLE, ids=lambda each: each.name)
async def test_an_hour_of_failures_delays_no_briefing(failing: Failing, few: Morning, tmp_path: Path) -> None:
    """Six people, with deadlines a tenth as long: all in time, marked as made by rules, and then by the model."""
    async with few.house(f"hour_{SAMPLE.index(failing)}", tmp_path) as house:
        given = {"model_deadline": 0.7, "model_run_deadline": 2.0}
        seen = await live_through(house, failing, few.many, **given)
    _judge(seen, failing, few.many)


@pytest.mark.chaos
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("failing", HOURS, ids=lambda each: each.name)
async def test_an_hour_of_each_failure_with_everybody(
    failing: Failing, all_of_them: Morning, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As it is set up: the deadlines, the workers and the concurrency are the defaults."""
    async with all_of_them.house(f"full_{HOURS.index(failing)}", tmp_path) as house:
        seen = await live_through(house, failing, all_of_them.many, workers=8)
    with capsys.disabled():
        print(f"\n{failing.name}: {seen}")  # noqa: T201
    _judge(seen, failing, all_of_them.many)


def _judge(seen: dict[str, Any], failing: Failing, many: int) -> None:
    assert seen["delivered"] == many
    assert not seen["late"], seen
    assert seen["makers"].keys() <= failing.makers, seen
    assert seen["after"] != "rules", seen
    assert seen["next"] == "model", seen
