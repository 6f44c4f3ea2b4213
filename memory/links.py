"""Links: what the words of one place say of a fact in another. Ids and plain values; they show to who may read both."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from memory import events, statements
from memory.database import Connection
from memory.models.base import Model
from memory.models.events import Event
from memory.models.happenings.conclusions import FactsLinked, FactsUnlinked
from memory.models.ids import ContainerId, FactId, LinkId, MessageId, PersonId, TeamId, derive
from memory.models.links import Link

SQL = statements.load("links")


class Search(Model):
    """What to look for beside a container: who acted there, who has something open there, and what is named there."""

    here: ContainerId
    touched: tuple[MessageId, ...]
    """Messages of the container that were worked out anew."""
    actors: tuple[PersonId, ...]
    promisers: tuple[PersonId, ...]
    names: tuple[str, ...]
    since: datetime
    until: datetime
    most: int


class Ends(Model):
    """Where the other end of a link may be."""

    containers: frozenset[ContainerId] = frozenset()
    facts: frozenset[FactId] = frozenset()
    messages: frozenset[MessageId] = frozenset()


async def standing(connection: Connection, facts: Sequence[FactId]) -> dict[FactId, list[Link]]:
    """The links of these facts that the viewer of this transaction may read, by fact."""
    if not facts:
        return {}
    rows = await (await connection.execute(SQL["read_standing_for_viewer"], {"fact_ids": list(facts)})).fetchall()
    return _by_fact(rows)


async def among(
    connection: Connection, facts: Sequence[FactId], places: Iterable[ContainerId], known_at: datetime | None = None
) -> dict[FactId, list[Link]]:
    """The links of these facts with both ends in these places, by fact; `known_at` a time, or today."""
    statement = "read_known" if known_at else "read_standing"
    given = {"places": list(places), "fact_ids": list(facts), "time": known_at}
    rows = await (await connection.execute(SQL[statement], given)).fetchall()
    return _by_fact(rows)


def _by_fact(rows: Iterable[Mapping[str, Any]]) -> dict[FactId, list[Link]]:
    found: dict[FactId, list[Link]] = {}
    for row in sorted(rows, key=lambda each: str(each["link_id"])):
        link = _link(row)
        for end in {link.from_fact, link.to_fact} - {None}:
            found.setdefault(FactId(end), []).append(link)  # type: ignore[arg-type]  # None is out
    return found


async def ends(connection: Connection, team: TeamId, search: Search) -> Ends:
    """Where candidates are, in whatever container: ids for the scribe of all these, who alone may read them."""
    given = search.model_dump(mode="python") | {"team_id": team}
    given |= {name: list(given[name]) for name in ("touched", "actors", "promisers", "names")}
    rows = await (await connection.execute(SQL["find_link_ends"], given)).fetchall()
    return Ends(
        containers=frozenset(row["container_id"] for row in rows),
        facts=frozenset(row["fact_id"] for row in rows if row["fact_id"]),
        messages=frozenset(row["message_id"] for row in rows if row["message_id"]),
    )


async def touching(connection: Connection, messages: Iterable[MessageId]) -> list[Link]:
    """The links that stand on one of these messages, for the scribe of their containers."""
    rows = await (await connection.execute(SQL["read_touching"], {"message_ids": list(messages)})).fetchall()
    return [_link(row) for row in rows]


async def record(
    connection: Connection, team: TeamId, found: Sequence[Link], gone: Sequence[LinkId], now: datetime
) -> None:
    """Records links as they stand now, and takes back those that nothing bears out any more."""
    names = [*(link.link_id for link in found), *gone]
    rows = await (await connection.execute(SQL["read_told"], {"link_ids": names})).fetchall()
    told = {row["link_id"]: row for row in rows}
    happened = [_linked(team, link, told.get(link.link_id), now) for link in found]
    happened += [
        Event(
            team_id=team,
            key=f"unlinked:{name}:{told[name]['event_id']}",
            occurred_at=now,
            told=FactsUnlinked(link_id=name, retired_at=now),
        )
        for name in gone
        if name in told and told[name]["retired_at"] is None
    ]
    await events.append(connection, team, [each for each in happened if each is not None])


def _linked(team: TeamId, link: Link, before: Mapping[str, Any] | None, now: datetime) -> Event | None:
    if before and before["retired_at"] is None and _link(before) == link:
        return None
    followed = before["event_id"] if before else None
    return Event(
        team_id=team,
        key=f"linked:{link.link_id}:{followed}:{derive(link.model_dump_json())}",
        occurred_at=link.at,
        told=FactsLinked(link=link, recorded_at=now),
    )


def _link(row: Mapping[str, Any]) -> Link:
    return Link.model_validate({name: row[name] for name in Link.model_fields})
