"""How long twenty people wait who ask at the same moment, of a company with a long history, and how long one alone.

The program is the real one, over Socket Mode and the Web API of a local workspace that keeps Slack's limits. From what
stands in the workspace is read when each saw the first sign of an answer (eyes, a status) and when the answer.
"""

import asyncio
import random
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from time import monotonic, perf_counter

from bot import databases
from bot.databases import Databases
from bot.embedder import embedder_of
from bot.local.workspace import LocalWorkspace
from bot.local.workspace.clock import moment_of, ts_of
from bot.manifest import read_manifest
from bot.settings import read_settings
from handlers import questions
from handlers.arrivals import MessageArrived
from memory import facts
from memory.database import Database, open_pool
from memory.migrations import migrate
from memory.models.audience import Viewer
from memory.models.containers import Container
from memory.models.ids import answer_id, container_id, message_id, person_id
from memory.models.messages import Message
from tests.bench import machine
from tests.bench.company import BOT
from tests.bench.history import TEAM_ID, Company, build, utc_now
from tests.bench.machine import share, tell

ASKERS, ROUNDS, ALONE = 20, 5, 10
PATIENCE = 90.0
"""Seconds until a question counts as not answered."""
PAUSE = 12.0
"""Seconds between rounds: what one set going is over by then, and Slack's limits have room again."""
TRIES = 300
SIGNS = ("reactions.add", "assistant.threads.setStatus", "chat.startStream", "chat.postMessage")
FOLLOWING = ("who said that?", "since when?", "and what else?", "is that still open?")
KINDS = (
    "what was decided about the {thing}?",
    "what do I owe?",
    "who owes me something?",
    "what is blocked?",
    "who waits for me?",
    "who knows about {thing}?",
    "catch me up on this channel",
    "what changed on {thing} since last week?",
    "prepare me for the meeting with {name}",
    "when is the {thing} firewall change due?",
    "why is {thing} blocked?",
    "what did {name} promise?",
    "what was decided last week?",
    "what did {name} say about {thing}?",
    "is the {thing} cluster out of disk?",
    "do we keep the {thing} exporter for the Swiss customers?",
    "which questions about {thing} are open?",
    "who approves the {thing} licence before it expires on Monday?",
    "as of Tuesday, what was promised about {thing}?",
    "what did we agree to freeze in December?",
    "what about {words}?",
)


@dataclass
class Put:
    """A question as it was put, and what came of it, in seconds."""

    asker: str
    channel: str
    ts: str
    root: str | None
    text: str
    seen: float | None = None
    answered: float | None = None

    @cached_property
    def key(self) -> str:
        return f"answer:{answer_id(message_id(container_id(TEAM_ID, 'slack', self.channel), self.ts))}"


@dataclass
class Scene:
    here: Databases
    company: Company
    workspace: LocalWorkspace
    program: subprocess.Popen[bytes] | None = None
    direct: dict[str, str] = field(default_factory=dict)
    latest: dict[str, Put] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(5))

    @property
    def askers(self) -> list[str]:
        return [*self.company.people][:ASKERS]


def measure(many: str = "100000") -> None:
    """Builds the company once, and asks."""
    settings = read_settings()
    with databases.throwaway(settings) as here, tempfile.TemporaryDirectory() as folder:
        company = Company(int(many), utc_now())
        asyncio.run(built(here, company))
        asyncio.run(asked(here, company, Path(folder) / "log"))


async def built(here: Databases, company: Company) -> None:
    await migrate(here.admin_dsn)
    pool = open_pool(here.app_dsn, most=6)
    await pool.open()
    await build(Database(pool), here.admin_dsn, company, embedder_of(read_settings()))
    await pool.close()


async def asked(here: Databases, company: Company, log: Path) -> None:
    """All that is measured, on a company that was built."""
    workspace = LocalWorkspace(company.seed(), read_manifest(), utc_now())
    await workspace.start()
    scene = Scene(here, company, workspace)
    try:
        scene.program = machine.begin(workspace, here, log)
        for asker in scene.askers:
            scene.direct[asker] = await workspace.actor(asker).open_dm(BOT)
        await _listening(workspace)
        await _settled(scene)
        tell(f"{company.messages} messages")
        await _rounds(scene, 1)  # fills caches and compiles what is compiled; not counted
        for name, many in ((f"{ASKERS} at once", ASKERS), ("One alone", 1)):
            await _told(scene, name, many)
    finally:
        if scene.program:
            scene.program.terminate()
            scene.program.wait()
        await workspace.stop()
    await _addressed(here, company)


async def _told(scene: Scene, name: str, many: int) -> None:
    assert scene.program
    before = machine.computed(scene.program, scene.here)
    put = await _rounds(scene, ROUNDS) if many > 1 else await _one_by_one(scene)
    spent = zip(machine.computed(scene.program, scene.here), before, strict=True)
    bot, postgres = (1000 * (after - earlier) / len(put) for after, earlier in spent)
    missing = sum(each.answered is None for each in put)
    spent_on = f"CPU a question: Daybook {bot:.0f} ms, Postgres {postgres:.0f} ms"
    tell(f"{name}: n {len(put)}, not answered {missing}; {spent_on}")
    print(f"  first sign      {_figures([each.seen for each in put])}")
    print(f"  complete answer {_figures([each.answered for each in put])}")
    slowest = sorted(put, key=lambda each: -(each.answered or PATIENCE))[:3]
    print("  slowest: " + "; ".join(f"{each.answered or PATIENCE:.2f} s {each.text}" for each in slowest), flush=True)


def _figures(found: Sequence[float | None]) -> str:
    seconds = [PATIENCE if each is None else each for each in found]
    return f"p50 {share(seconds, 0.5):5.2f} p95 {share(seconds, 0.95):5.2f} max {max(seconds):5.2f} s"


async def _rounds(scene: Scene, many: int) -> list[Put]:
    """Everybody asks in the same moment, so many times; each time another kind of question, and some go on."""
    put = []
    for turn in range(many):
        now = [await _ask(scene, asker, number, turn) for number, asker in enumerate(scene.askers)]
        await _answered(scene, now)
        put += now
        await _settled(scene)
        await asyncio.sleep(PAUSE)
    return put


async def _one_by_one(scene: Scene) -> list[Put]:
    put = []
    for number in range(ALONE):
        put.append(await _ask(scene, scene.askers[number % ASKERS], number, ROUNDS))
        await _answered(scene, put[-1:])
        await _settled(scene)
    return put


async def _ask(scene: Scene, asker: str, number: int, turn: int) -> Put:
    """Half of them in a direct message, half by a mention; who has an answer may ask on in the same place."""
    before = scene.latest.get(asker)
    if before and number % 5 == turn % 5:
        put = Put(asker, before.channel, "", before.root, FOLLOWING[number % len(FOLLOWING)])
    else:
        own = [room for room, members in scene.company.rooms.items() if asker in members]
        room = scene.chance.choice(own)
        text = KINDS[(number + 7 * turn) % len(KINDS)].format(
            thing=scene.chance.choice(scene.company.matters[room]),
            name=scene.company.people[scene.chance.choice(scene.company.rooms[room])],
            words=" ".join(scene.company.words.topic()[:3]),
        )
        direct = number % 2 == 0 and "this channel" not in text
        put = Put(asker, scene.direct[asker] if direct else room, "", None, text if direct else f"<@{BOT}> {text}")
    put.ts = await scene.workspace.actor(asker).post(put.channel, put.text, put.root)
    if put.root is None and put.channel != scene.direct[asker]:
        put.root = put.ts
    scene.latest[asker] = put
    return put


async def _answered(scene: Scene, put: list[Put]) -> None:
    end = monotonic() + PATIENCE
    missing = put
    while missing and monotonic() < end:
        await asyncio.sleep(0.1)
        missing = [each for each in missing if not _is_answered(scene, each)]
    for each in put:
        _see(scene, each)


def _is_answered(scene: Scene, put: Put) -> bool:
    """As little as is needed to know it: what is measured runs on the same machine."""
    for message in reversed(scene.workspace.world.state.channels[put.channel].messages):
        if message.ts <= put.ts:
            break
        if message.metadata and message.metadata["event_payload"].get("key") == put.key:
            put.answered = (moment_of(message.ts) - moment_of(put.ts)).total_seconds()
    return put.answered is not None


def _see(scene: Scene, put: Put) -> None:
    """The first sign that a question was seen."""
    asked_at = moment_of(put.ts)
    signs = [
        datetime.fromisoformat(call["at"])
        for call in scene.workspace.world.calls
        if call["method"] in SIGNS and call["ok"] and _is_of(call["arguments"], put)
    ]
    later = [(at - asked_at).total_seconds() for at in signs if at >= asked_at]
    put.seen = min([*later, *([put.answered] if put.answered else [])], default=None)


def _is_of(given: dict[str, object], put: Put) -> bool:
    if given.get("channel_id", given.get("channel")) != put.channel:
        return False
    return given.get("timestamp") == put.ts or given.get("thread_ts") in {put.ts, put.root or put.ts}


async def _listening(workspace: LocalWorkspace) -> None:
    """What is asked before that is found only by reading back."""
    end = monotonic() + PATIENCE
    while not workspace.world.socket.connected:
        if monotonic() > end:
            raise RuntimeError("Daybook does not listen.")
        await asyncio.sleep(0.1)


async def _settled(scene: Scene) -> None:
    """Until no job is under way or due."""
    pool = open_pool(scene.here.admin_dsn, most=1)
    await pool.open()
    quiet = 0
    while quiet < 3:
        async with pool.connection() as connection:
            row = await (
                await connection.execute(
                    "select count(*) as many from procrastinate_jobs where status in ('todo', 'doing')"
                )
            ).fetchone()
        quiet = quiet + 1 if row and row["many"] == 0 else 0
        if scene.program and scene.program.poll() is not None:
            raise RuntimeError("Daybook ended by itself.")
        await asyncio.sleep(0.5)
    await pool.close()


async def _addressed(here: Databases, company: Company) -> None:
    """What it costs, at every message in a thread, to see whether it is a question to Daybook."""
    pool = open_pool(here.app_dsn, most=2)
    await pool.open()
    database = Database(pool)
    asked_before, other = _threads(company)
    for name, thread, text in (
        ("asks, in a thread that asked Daybook", asked_before, "and when is it due?"),
        ("asks, in another thread", other, "and when is it due?"),
        ("says something", other, "I will have a look after lunch."),
    ):
        spent = []
        for number in range(TRIES):
            arrived = _arrived(company, thread, text, number)
            began = perf_counter()
            await questions.goes_on(database, arrived)
            spent.append(1000 * (perf_counter() - began))
        print(f"A message that {name}: p50 {share(spent, 0.5):.2f} p95 {share(spent, 0.95):.2f} ms")
    reader = Viewer.person(person_id(TEAM_ID, "slack", next(iter(company.people))))
    spent = []
    for _ in range(20):
        began = perf_counter()
        async with database.viewing(reader) as connection:
            await facts.current_for(connection, reader, company.now - timedelta(days=7), company.now, 300)
        spent.append(1000 * (perf_counter() - began))
    print(f"The state of things, without what was put to Daybook: p50 {share(spent, 0.5):.1f} ms", flush=True)
    await pool.close()


def _threads(company: Company) -> tuple[Message, Message]:
    """The first message of a thread in which Daybook was asked, and of one in which it was not."""
    talks = [talk[0] for talk in company.talks("C001") if talk[0].text[0].islower()]
    return talks[0], talks[1]


def _arrived(company: Company, first: Message, text: str, number: int) -> MessageArrived:
    at = first.posted_at + timedelta(minutes=5, microseconds=number)
    said = first.model_copy(
        update={
            "message_id": message_id(first.container_id, ts_of(at)),
            "external_ts": ts_of(at),
            "thread_ts": first.external_ts,
            "posted_at": at,
            "text": text,
        }
    )
    room = Container(container_id=first.container_id, team_id=TEAM_ID, external_id="C001", kind=company.kind("C001"))
    return MessageArrived(message=said, container=room)
