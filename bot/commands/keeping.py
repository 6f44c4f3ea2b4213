"""The commands about what is kept: `forget`, `retention`, `privacy-receipt`."""

import json as jsons
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.conduct import begin
from bot.commands.conduct import run as run_work
from bot.errors import BadInput
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.databases import Databases
    from bot.keeping import Room
    from memory.containers import Keeping

LONGEST = 36500


def forget(
    person: Annotated[str | None, typer.Option(help="Whom: name, handle, e-mail or id.", metavar="NAME|ID")] = None,
    message: Annotated[
        str | None,
        typer.Option(help="Which message: its permalink, or channel and timestamp.", metavar="LINK|CHANNEL/TS"),
    ] = None,
    container: Annotated[str | None, typer.Option(help="Which channel: name or id.", metavar="NAME|ID")] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    lift: Annotated[
        bool, typer.Option("--lift", help="Read a forgotten person or channel again, from now on.")
    ] = False,
) -> None:
    """Erase a person, a message or a channel, with all that was made of their words."""
    if sum(bool(each) for each in (person, message, container)) != 1:
        raise BadInput("Say what to forget: one of --person, --message and --container.")
    if lift and message:
        raise BadInput("An erased message cannot be had back: --lift goes with --person or --container.")
    settings = begin(quiet=True)

    async def work(here: "Room") -> None:
        if lift:
            await _lift(here, person, container)
        elif person:
            await _forget_person(here, person, yes=yes)
        elif message:
            await _forget_message(here, message, yes=yes)
        elif container:
            await _forget_container(here, container, yes=yes)

    _with_room(settings, work)


def retention(
    container: Annotated[str | None, typer.Option(help="Whose time to set: name or id.", metavar="NAME|ID")] = None,
    days: Annotated[
        int | None, typer.Option(help="For how many days what is said there is kept; 0: without end.", metavar="N")
    ] = None,
    hold: Annotated[str | None, typer.Option(help="Place a legal hold on this channel.", metavar="NAME|ID")] = None,
    release: Annotated[str | None, typer.Option(help="Release a legal hold.", metavar="NAME|ID")] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Show, or set, for how long what is said in a channel is kept."""
    if (container is None) != (days is None):
        raise BadInput("Say both the channel and the days: --container NAME --days N.")
    if days is not None and not 0 <= days <= LONGEST:
        raise BadInput(f"{days} days cannot be kept: give 1 to {LONGEST}, or 0 for no end.")
    if sum(bool(each) for each in (container, hold, release)) > 1:
        raise BadInput("One thing at a time: --container with --days, --hold, or --release.")
    settings = begin(quiet=True)

    async def work(here: "Room") -> None:
        from bot import keeping

        if container and days is not None:
            await _retain(here, container, days or None, yes=yes)
        elif hold or release:
            place = keeping.find_place(hold or release or "", await keeping.places(here))
            if hold and place.forgotten:
                raise BadInput(f"{keeping.called(place)} is forgotten: there is nothing left to hold.")
            await keeping.hold(here, place, held=bool(hold))
            print(f"{keeping.called(place)} is {'under a legal hold' if hold else 'not under a legal hold'} now.")
        else:
            for place in await keeping.places(here):
                print(_kept(keeping.called(place), place.retain_days, held=place.held, forgotten=place.forgotten))

    _with_room(settings, work)


def privacy_receipt(
    person: Annotated[str, typer.Option(help="About whom: name, handle, e-mail or id.", metavar="NAME|ID")],
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what is held about somebody: counts and dates, no words."""
    settings = begin(quiet=True)
    from bot import databases, keeping
    from memory import receipts

    async def show(here: "Databases") -> None:
        await _prepare(here)
        async with keeping.room(here.app_dsn) as room:
            somebody = await keeping.find_somebody(room, person)
        receipt = await receipts.of(here.admin_dsn, somebody.team, somebody.person_id)
        if json:
            print(jsons.dumps(receipt.model_dump(mode="json"), indent=2))
            return
        state = "is forgotten" if somebody.forgotten else "is known"
        print(f"{somebody.name} {state}. Held are {sum(line.count for line in receipt.lines)} rows:")
        for line in receipt.lines:
            print(f"  {line.what:<34} {line.count:>7}  {receipts.span(line)}")
        for place in receipt.containers:
            print(f"  in {place.called:<31} {place.count:>7}  {receipts.span(place)}")

    with databases.usual(settings) as here:
        run_work(here, show(here))


async def _forget_person(here: "Room", name: str, *, yes: bool) -> None:
    from bot import keeping

    somebody = await keeping.find_somebody(here, name)
    counted = await keeping.count_of(here, somebody, await keeping.places(here))
    _ask(
        f"This erases of {somebody.name}: {keeping.listed(counted)}, and what they are called.", somebody.name, yes=yes
    )
    erased, held = await here.erasing(somebody.team).person(somebody.person_id)
    print(f"Erased: {keeping.listed(erased)}. What they write from now on is not kept.")
    if held:
        print(f"Left alone, under a legal hold: {', '.join(keeping.called(place) for place in held)}.")


async def _forget_message(here: "Room", words: str, *, yes: bool) -> None:
    from bot import keeping
    from bot.erasing import Held

    place, message = keeping.find_message(words, await keeping.places(here))
    if not await keeping.is_there(here, place, message):
        print("Nothing of it is left.")
        return
    called = f"{place.external_id}/{message.external_ts}"
    _ask(f"This erases 1 message in {keeping.called(place)}, and what was made of it.", called, yes=yes)
    try:
        erased = await here.erasing(place.team_id).message(place.container_id, message)
    except Held:
        raise _held(keeping.called(place)) from None
    print(f"Erased: {keeping.listed(erased)}.")


async def _forget_container(here: "Room", name: str, *, yes: bool) -> None:
    from bot import keeping
    from bot.erasing import Held

    place = _spoken_in(keeping.find_place(name, await keeping.places(here)))
    if place.held:
        raise _held(keeping.called(place))
    counted = await keeping.count_in(here, place)
    called = place.name or place.external_id
    _ask(f"This erases {keeping.called(place)}: {keeping.listed(counted)}, and what was made of them.", called, yes=yes)
    try:
        erased = await here.erasing(place.team_id).container(place.container_id)
    except Held:
        raise _held(keeping.called(place)) from None
    print(f"Erased: {keeping.listed(+erased)}. {place.external_id} is not read any more.")


def _spoken_in(place: "Keeping") -> "Keeping":
    """The place, unless nothing but talk with Daybook is kept of it: that is its asker's."""
    if place.kind == "dm":
        raise BadInput(f"{place.external_id} is a direct message: what was asked there goes with its asker (--person).")
    return place


async def _lift(here: "Room", person: str | None, container: str | None) -> None:
    from bot import keeping

    if person:
        somebody = await keeping.find_somebody(here, person)
        if not somebody.forgotten:
            raise BadInput(f"{somebody.name} is not forgotten.")
        await keeping.read_person_again(here, somebody)
        print(f"What {somebody.name} writes from now on is read; what was erased stays erased.")
        return
    place = keeping.find_place(container or "", await keeping.places(here))
    if not place.forgotten:
        raise BadInput(f"{keeping.called(place)} is not forgotten.")
    await keeping.read_place_again(here, place)
    print(f"What is said in {place.external_id} from now on is read; what was erased stays erased.")


async def _retain(here: "Room", name: str, days: int | None, *, yes: bool) -> None:
    from bot import keeping

    place = _spoken_in(keeping.find_place(name, await keeping.places(here)))
    over = await keeping.count_expired(here, place, days) if days and not place.held else 0
    if over:
        called = place.name or place.external_id
        _ask(f"Of {keeping.called(place)} {over} messages are older than {days} days: they go.", called, yes=yes)
    await keeping.retain(here, place, days)
    print(_kept(keeping.called(place), days, held=place.held, forgotten=place.forgotten))


def _kept(called: str, days: int | None, *, held: bool, forgotten: bool) -> str:
    if forgotten:
        return f"{called}: forgotten, not read"
    kept = f"{days} days" if days else "without end"
    return f"{called}: {kept}{', under a legal hold' if held else ''}"


def _held(called: str) -> BadInput:
    return BadInput(f"{called} is under a legal hold: release it first, with `daybook retention --release`.")


def _ask(sentence: str, name: str, *, yes: bool) -> None:
    """Tells what is about to happen, and has the name typed; anything else ends it."""
    print(sentence)
    if yes:
        return
    print(f"Type {name} to go on: ", end="", file=sys.stderr, flush=True)
    typed = sys.stdin.readline().strip()
    if not sys.stdin.isatty():
        print(file=sys.stderr)  # nobody has pressed Enter
    if typed.removeprefix("#") != name.removeprefix("#"):
        raise BadInput("Nothing was erased: the name was not typed. --yes does not ask.")


def _with_room(settings: Settings, work: "Callable[[Room], Awaitable[None]]") -> None:
    from bot import databases, keeping

    async def in_room(here: "Databases") -> None:
        await _prepare(here)
        async with keeping.room(here.app_dsn) as room:
            await work(room)

    with databases.usual(settings) as here:
        run_work(here, in_room(here))


async def _prepare(here: "Databases") -> None:
    from bot import databases
    from memory.migrations import migrate as bring_up_to_date

    if here.embedded:
        await bring_up_to_date(here.admin_dsn)
    await databases.check(here)
