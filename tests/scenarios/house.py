"""Daybook as it is put together for use, in the local workspace; and how a test acts and waits."""

import asyncio
import inspect
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import psycopg

from bot import app, running, telemetry
from bot.app import Daybook
from bot.language.timing import Timer
from bot.local.workspace import LocalWorkspace, Seed
from bot.manifest import read_manifest
from bot.settings import Settings
from tests.conftest import TestDatabase
from tests.scenarios.team import BOT, DAY, EVENING, LEADERS
from tests.scenarios.team import SEED as TEAM

Payload = dict[str, Any]
Found = TypeVar("Found")
ROOT = Path(__file__).parents[2]
PERMALINK = re.compile(r"http://127\.0\.0\.1:\d+/archives/(\w+)/p(\d+)(?:\?thread_ts=[\d.]+&(?:amp;)?cid=\w+)?")


LONGEST_PAUSE = 0.1


async def until(check: Callable[[], Any], what: str, within: float = 30.0) -> Any:
    """Waits until a check, plain or async, finds something, and returns that; fails with `what` when it does not.

    What takes long is asked after less often: looking takes time away from what is looked for.
    """
    deadline, pause = asyncio.get_running_loop().time() + within, 0.02
    while True:
        found = check()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return found
        assert asyncio.get_running_loop().time() < deadline, f"Not within {within} s: {what}"
        await asyncio.sleep(pause)
        pause = min(pause * 1.2, LONGEST_PAUSE)


@dataclass
class House:
    """A local workspace and a database, with any number of Daybooks in it."""

    workspace: LocalWorkspace
    database: TestDatabase
    http: aiohttp.ClientSession
    log: Path
    evening: "Callable[[House, tuple[str, ...]], Awaitable[bool]] | None" = None
    """Makes it the evening after the day, if nothing happened here yet; says whether it did."""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    owners: list[psycopg.AsyncConnection] = field(default_factory=list)
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    def settings(self, **given: Any) -> Settings:
        return Settings(
            slack_bot_token=self.workspace.bot_token,
            slack_app_token=self.workspace.app_token,
            slack_api_url=self.workspace.api_url,
            database_url="",
            leaders=given.pop("leaders", ""),
            extraction_delay=0.05,
            stalled_after=given.pop("stalled_after", 3.0),
            workers=given.pop("workers", 4),
            **given,
        )

    @asynccontextmanager
    async def daybook(
        self, *, leaders: tuple[str, ...] = (), arrive: bool = True, timer: Timer | None = None, **given: Any
    ) -> AsyncIterator[Daybook]:
        """A Daybook at work, which has looked round; `given` are further settings."""
        settings = self.settings(leaders=",".join(leaders), **given)
        async with (
            app.bootstrap(settings, self.database.app_dsn, clock=self.workspace.clock, timer=timer) as daybook,
            running.working(daybook, pace=0.1),
            running.listening(daybook, ping_interval=0.5),
        ):
            if arrive:
                await running.arrive(daybook)
            yield daybook

    @asynccontextmanager
    async def after_the_day(self, *, leaders: tuple[str, ...] = LEADERS, bots: int = 1) -> AsyncIterator[Daybook]:
        """Daybook on Thursday evening: the day was written and is taken in, by an earlier Daybook where one is kept."""
        async with AsyncExitStack() as stack:
            over = self.evening is not None and await self.evening(self, leaders)
            daybooks = [await stack.enter_async_context(self.daybook(leaders=leaders)) for _ in range(bots)]
            await (self.quiet() if over else self.live_through_the_day())
            yield daybooks[0]

    async def live_through_the_day(self) -> None:
        await self.workspace.replay(DAY)
        self.workspace.clock.set(EVENING)
        await self.quiet()

    def begin(self, **environment: str) -> subprocess.Popen[bytes]:
        """`daybook run` as a program of its own, in this workspace; its log lines are JSON."""
        given = {
            "SLACK_BOT_TOKEN": self.workspace.bot_token,
            "SLACK_APP_TOKEN": self.workspace.app_token,
            "SLACK_API_URL": self.workspace.api_url,
            "DATABASE_URL": self.database.admin_dsn,
            "DAYBOOK_CLOCK_URL": f"{self.workspace.url}/control/clock",
            "DAYBOOK_LOG_FORMAT": "json",
            "DAYBOOK_STALLED_AFTER": "2",
            "DAYBOOK_EXTRACTION_DELAY": "0.05",
            "PYTHONPATH": str(ROOT),
            **environment,
        }
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        with self.log.open("ab") as log:
            process = subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=ROOT, env=kept | given, stderr=log)
        self.processes.append(process)
        return process

    def lines(self, event: str, **fields: Any) -> list[Payload]:
        """Log lines of the programs begun so far, by event and what else stands in them."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == event and fields.items() <= line.items()]

    def end_all(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()

    # What a person does ------------------------------------------------------------------------------------------

    async def get(self, call: str, **query: str) -> Any:
        async with self.http.get(f"{self.workspace.url}/control/{call}", params=query) as answer:
            return await answer.json()

    async def act(self, call: str, person: str | None = None, **body: Any) -> Any:
        """A call of the control API; what it refuses fails the test."""
        if person:
            body["as"] = person
        async with self.http.post(f"{self.workspace.url}/control/{call}", json=body) as answer:
            told = await answer.json()
            assert "error" not in told, f"{call}: {told}"
            return told

    async def post(self, person: str, channel: str, text: str, **more: Any) -> str:
        return str((await self.act("post", person, channel=channel, text=text, **more))["ts"])

    async def fault(self, method: str, kind: str, times: int = 1, **more: Any) -> None:
        await self.act("faults", method=method, kind=kind, times=times, **more)

    async def clear_faults(self) -> None:
        async with self.http.delete(f"{self.workspace.url}/control/faults") as answer:
            assert answer.status == 200

    async def press(self, person: str, channel: str, message: Payload, action_id: str, value: str = "") -> None:
        """Presses the first button of this kind, or the one with this value, in a message."""
        block_id = place_of(message["blocks"], action_id, value)
        await self.act(
            "press", person, channel=channel, ts=message["ts"], block_id=block_id, action_id=action_id, value=value
        )

    async def press_at_home(self, person: str, action_id: str, value: str = "") -> None:
        view = await self.home(person, f'"{action_id}"')
        block_id = place_of(view["blocks"], action_id, value)
        await self.act("press", person, view_id=view["id"], block_id=block_id, action_id=action_id, value=value)

    async def choose(self, person: str, where: Payload, blocks: list[Payload], value: str) -> None:
        """Chooses in a menu behind three dots; `where` is a channel and `ts`, or a view."""
        block_id, action_id = next(
            (block["block_id"], part["action_id"])
            for block in blocks
            for part in parts_of(block)
            if value in [option["value"] for option in part.get("options", ())]
        )
        await self.act("press", person, **where, block_id=block_id, action_id=action_id, selected_option=value)

    async def modals(self, person: str) -> list[Payload]:
        """What the person has open, topmost last."""
        found: list[Payload] = (await self.get("modals", **{"as": person}))["views"]
        return found

    async def home(self, person: str, holding: str) -> Payload:
        """The person's Home tab, once it shows this."""

        async def shown() -> Payload | None:
            view: Payload | None = (await self.get("home", **{"as": person}))["view"]
            return view if view and holding in json.dumps(view) else None

        found: Payload = await until(shown, f"the Home tab of {person} with {holding}")
        return found

    async def talk_at_length(self, channel: str, *people: str) -> list[str]:
        """Five threads, an hour apart; the `ts` of what begins them. Two are too long for one call to a model."""
        begun = []
        for place, (promise, about) in enumerate(MATTERS):
            one, other = people[place % len(people)], people[(place + 1) % len(people)]
            first = await self.post(one, channel, promise)
            for number in range(6):
                words = f"{about} ({number}). " * (850 // (len(about) + 6))
                await self.post((other, one)[number % 2], channel, words.strip(), thread_ts=first)
            begun.append(first)
            self.workspace.clock.advance(timedelta(hours=1))
        return begun

    # What a person sees ------------------------------------------------------------------------------------------

    async def channels(self, person: str) -> dict[str, Payload]:
        """By id, what the person may open."""
        return {channel["id"]: channel for channel in (await self.get("state", **{"as": person}))["channels"]}

    async def messages(self, person: str, channel: str, thread_ts: str = "") -> list[Payload]:
        query = {"thread_ts": thread_ts} if thread_ts else {}
        found: list[Payload] = (await self.get("messages", **{"as": person, "channel": channel}, **query))["messages"]
        return found

    async def from_daybook(self, person: str) -> list[tuple[Payload, Payload]]:
        """Everything that Daybook wrote where this person sees it, threads included: (channel, message)."""
        found = []
        for channel in (await self.channels(person)).values():
            for top in await self.messages(person, channel["id"]):
                thread = await self.messages(person, channel["id"], top["ts"]) if top["reply_count"] else [top]
                found += [(channel, message) for message in thread if message["user"] == BOT and message["blocks"]]
        return found

    async def briefings(self, person: str) -> list[tuple[Payload, Payload]]:
        """The briefings this person sees: (channel, message)."""
        return [(place, found) for place, found in await self.from_daybook(person) if is_briefing(found)]

    async def briefing(self, person: str, within: float = 15.0) -> tuple[Payload, Payload]:
        """The first briefing this person gets: (channel, message)."""
        found = await until(lambda: self.briefings(person), f"a briefing for {person}", within)
        first: tuple[Payload, Payload] = found[0]
        return first

    async def welcome(self, person: str) -> tuple[Payload, Payload]:
        """Daybook's greeting in its DM with this person: (channel, message)."""

        async def greeted() -> tuple[Payload, Payload] | None:
            seen = await self.from_daybook(person)
            return next(((place, m) for place, m in seen if m["text"].startswith("I am Daybook")), None)

        found: tuple[Payload, Payload] = await until(greeted, f"a welcome for {person}")
        return found

    async def answer(self, person: str, channel: str, ts: str) -> Payload:
        """Daybook's reply in the thread of a message."""

        async def replied() -> Payload | None:
            thread = await self.messages(person, channel, ts)
            return next((message for message in thread[1:] if message["user"] == BOT), None)

        found: Payload = await until(replied, f"an answer to {ts} in {channel}")
        return found

    async def calls(self, method: str) -> list[Payload]:
        found: list[Payload] = await self.get("calls", method=method)
        return found

    async def posts(self) -> list[Payload]:
        """Every post that took effect, by what the bot called."""
        return [call for call in await self.calls("chat.postMessage") if call["ok"]]

    # Waiting -----------------------------------------------------------------------------------------------------

    async def quiet(self, within: float = 60.0) -> None:
        """Waits until everything that was sent is taken in, and all work that followed is done."""
        await self.workspace.settle()
        await until(self._is_quiet, "no more work", within)

    async def _is_quiet(self) -> bool:
        if await self._left():
            return False
        await self.workspace.settle()  # what was said as the work was done comes back to us
        return await self._left() == 0

    async def _left(self) -> int:
        jobs = "select count(*) from procrastinate_jobs where status in ('todo', 'doing')"
        inbox = "select count(*) from inbox where handled_at is null and failure is null"
        outbox = "select count(*) from outbox where state in ('intended', 'sending')"
        return int(await self.value(f"select ({jobs}) + ({inbox}) + ({outbox})"))

    async def taken_in(self, within: float = 20.0) -> None:
        """Waits until everything that was sent is taken in; that it is worked out may wait."""
        await self.workspace.settle()
        await until(self._is_taken_in, "everything taken in", within)

    async def _is_taken_in(self) -> bool:
        inbox = "select count(*) from inbox where handled_at is null and failure is null"
        jobs = "select count(*) from procrastinate_jobs where status in ('todo', 'doing') and task_name <> 'extract'"
        return int(await self.value(f"select ({inbox}) + ({jobs})")) == 0

    async def rows(self, statement: str, *given: object) -> list[tuple[Any, ...]]:
        """Rows of the database, as its owner sees it; asked on one connection, and on another if that was cut."""
        async with self.asking:
            for connection in [each for each in self.owners if not each.closed]:
                with suppress(psycopg.OperationalError):
                    return await (await connection.execute(statement.encode(), given)).fetchall()
                await connection.close()
            connection = await psycopg.AsyncConnection.connect(
                self.database.admin_dsn, autocommit=True, prepare_threshold=None
            )
            self.owners.append(connection)
            return await (await connection.execute(statement.encode(), given)).fetchall()

    async def stop_asking(self) -> None:
        """Closes the owner's connection: a database is copied while nobody is connected to it."""
        while self.owners:
            await self.owners.pop().close()

    async def value(self, statement: str, *given: object) -> Any:
        return (await self.rows(statement, *given))[0][0]

    async def several_rounds(self) -> None:
        """Waits until the rounds of all Daybooks here have come round, and all they began is done."""
        enough = telemetry.counters["rounds"] + 4 * self.workspace.world.socket.connected
        await until(lambda: telemetry.counters["rounds"] >= enough, "several rounds")
        await self.quiet()

    def at(self, moment: datetime, **later: float) -> None:
        self.workspace.clock.set(moment + timedelta(**later))


MATTERS = (
    ("I will order the racks today.", "steel frames stand nineteen inches wide in the cellar"),
    ("Lunch is on me: I'll reserve a table.", "everybody eats at noon, mushrooms and olives"),
    ("The office got dark, so I'll replace those lamps.", "light falls from above, brighter in winter evenings"),
    ("For Hamburg I'll buy train tickets.", "departures leave Friday morning from platform nine"),
    ("As for paint, I will choose a colour.", "blue walls dry slowly and smell of turpentine"),
)
DAY_BEGINS = datetime.fromisoformat("2026-11-19T17:00:00+00:00")


@asynccontextmanager
async def opened(
    database: TestDatabase, folder: Path, seed: Seed = TEAM, begins: datetime = DAY_BEGINS, **given: Any
) -> AsyncIterator[House]:
    """A workspace of these people, at this moment, and a database; no Daybook is running yet."""
    workspace = LocalWorkspace(seed, read_manifest(), begins, ack_timeout=1.0, **given)
    await workspace.start()
    async with aiohttp.ClientSession() as http:
        house = House(workspace, database, http, folder / "log")
        try:
            yield house
        finally:
            house.end_all()
            await house.stop_asking()
    await workspace.stop()


def is_briefing(message: Payload) -> bool:
    return any(block["type"] == "header" and "briefing" in json.dumps(block) for block in message["blocks"])


def place_of(blocks: list[Payload], action_id: str, value: str = "") -> str:
    """The id of the block with a button of this kind, and of this value if one is given."""
    for block in blocks:
        for button in parts_of(block):
            if button.get("action_id") == action_id and value in ("", button.get("value")):
                return str(block["block_id"])
    raise AssertionError(f"There is no button {action_id} {value}.")


def parts_of(block: Payload) -> list[Payload]:
    """What stands in a block or beside it."""
    return [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else [])]


def links(message: Payload) -> list[tuple[str, str]]:
    """The permalinks in a message, as (channel, ts)."""
    found = PERMALINK.findall(json.dumps(message["blocks"]))
    return [(channel, f"{digits[:-6]}.{digits[-6:]}") for channel, digits in found]


def words(message: Payload) -> str:
    """All that a message shows, for looking up words in."""
    return str(message["text"]) + json.dumps(message["blocks"], ensure_ascii=False)
