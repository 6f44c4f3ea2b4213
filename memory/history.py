"""Facts in two times: what we believed at a time, and what, by all we know today, was the case in the world then.

Both are told of some places: those that a viewer may read, or an operator's choice of them; row-level security stands
behind that. What was erased is in neither.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from memory import containers, links, statements
from memory.database import Connection
from memory.facts import fact_of
from memory.folding import folded
from memory.models.audience import Viewer
from memory.models.base import Model
from memory.models.facts import Fact, Version
from memory.models.ids import ContainerId, FactId, MessageId
from memory.rewinding import rewound

SQL = statements.load("history")
MOST = 1000
_BEGINNING = re.compile(r"[0-9a-f]{1,32}")


class Told(Model):
    """All versions of a fact whose words still stand, first to last, and when its messages were told."""

    versions: tuple[Version, ...]
    told_at: Mapping[MessageId, datetime]


async def known_at(connection: Connection, viewer: Viewer, time: datetime, most: int = MOST) -> list[Fact]:
    """What this viewer would have been told then, of what they may read today; newest first."""
    return await known_in(connection, await containers.readable(connection, viewer), time, most)


async def as_of(connection: Connection, viewer: Viewer, time: datetime, most: int = MOST) -> list[Fact]:
    """What was the case in the world then, by all that the viewer may know today; newest first."""
    return await held_in(connection, await containers.readable(connection, viewer), time, most)


async def known_in(
    connection: Connection, places: Collection[ContainerId], time: datetime, most: int = MOST
) -> list[Fact]:
    """What was believed then of these places."""
    given = {"places": list(places), "time": time, "most": most}
    rows = await (await connection.execute(SQL["read_known"], given)).fetchall()
    found = [fact for row in rows if (fact := _cited(row)).evidence]
    linked = await links.among(connection, [fact.fact_id for fact in found], places, known_at=time)
    return [folded(fact, linked.get(fact.fact_id, ())) for fact in found]


async def held_in(
    connection: Connection, places: Collection[ContainerId], time: datetime, most: int = MOST
) -> list[Fact]:
    """What was the case then in these places, by all we know today."""
    given = {"places": list(places), "time": time, "most": most}
    rows = await (await connection.execute(SQL["find_at"], given)).fetchall()
    ids = [row["fact_id"] for row in rows]
    told = await of(connection, places, ids)
    linked = await links.among(connection, ids, places)
    found = []
    for name in ids:
        each = told.get(name)
        fact = rewound(each.versions, each.told_at, time) if each else None
        if fact is not None:
            found.append(folded(fact, [link for link in linked.get(name, ()) if link.at <= time]))
    return found


async def of(connection: Connection, places: Collection[ContainerId], facts: Iterable[FactId]) -> dict[FactId, Told]:
    """The histories of those facts whose last words still stand."""
    given = {"places": list(places), "fact_ids": list(facts)}
    rows = await (await connection.execute(SQL["read_versions"], given)).fetchall()
    by_fact: dict[FactId, list[dict[str, Any]]] = {}
    for row in rows:
        by_fact.setdefault(row["fact_id"], []).append(row)
    return {name: _told(each) for name, each in by_fact.items() if each[-1]["statement"] and each[-1]["cited"]}


async def begun_with(
    connection: Connection, places: Collection[ContainerId], beginning: str, most: int = 9
) -> list[FactId]:
    """The facts whose id begins so, in hexadecimal digits with or without dashes."""
    digits = beginning.strip().lower().replace("-", "")
    if not _BEGINNING.fullmatch(digits):
        return []
    first, last = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    given = {"places": list(places), "first": first, "last": last, "most": most}
    rows = await (await connection.execute(SQL["find_begun"], given)).fetchall()
    return [row["fact_id"] for row in rows]


def _told(rows: list[dict[str, Any]]) -> Told:
    times = {key: at for row in rows for key, at in row["told"].items()}
    return Told(versions=tuple(_version(row) for row in rows if row["statement"] and row["cited"]), told_at=times)


def _version(row: dict[str, Any]) -> Version:
    named = {name: row[name] for name in Version.model_fields if name != "fact"}
    return Version.model_validate(named | {"fact": _cited(row)})


def _cited(row: dict[str, Any]) -> Fact:
    return fact_of(row | {"evidence": row["cited"]})
