"""The fences with one board taken out: every predicate and every policy that decides who may read, found by looking.

A predicate asks by calling `readable_containers`, wherever that stands: its mutant gets every container there is.
"""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from psycopg import sql

import memory
from memory.database import Connection
from memory.statements import Statements
from tests.promises.rehearsal import AppRehearsal
from tests.promises.surfaces import fenced

AUDIENCE = "readable_containers"
EVERYTHING = "every_container"
_CALL = re.compile(rf"\b{AUDIENCE}\s*\(")
_TOKEN = re.compile(r"'(?:[^']|'')*'|--[^\n]*|[()]|\w+|[^\s\w]")
_BEGINS, _BETWEEN = {"where", "on"}, {"and", "or"}
_ENDS = {"order", "group", "limit", "union", "left", "join", "cross", "inner", "returning", "having", ";"}


@dataclass(frozen=True)
class Mutant:
    """`statement` is run as the owner; or else the text of a named statement is replaced."""

    name: str
    statement: str = ""
    module: str = ""
    statement_name: str = ""
    text: str = ""

    @asynccontextmanager
    async def at_work(self, rehearsal: AppRehearsal) -> AsyncIterator[None]:
        async with rehearsal.scene():
            if self.statement:
                async with rehearsal.as_owner() as connection:
                    await connection.execute(self.statement.encode())
                yield
                return
            statements = import_module(self.module).SQL
            original = statements[self.statement_name]
            statements[self.statement_name] = self.text
            try:
                yield
            finally:
                statements[self.statement_name] = original


# The first fence ----------------------------------------------------------------------------------------------------


def of_statements() -> list[Mutant]:
    """Each place in a statement of memory that asks for the audience."""
    found = []
    for each in iter_modules(memory.__path__, "memory."):
        statements = getattr(import_module(each.name), "SQL", None)
        if isinstance(statements, Statements):
            for name, text in statements.items():
                for ordinal, mutated in enumerate(_without_audience(text), start=1):
                    named = f"{statements.source}: {name}, {ordinal}"
                    found.append(Mutant(named, module=each.name, statement_name=name, text=mutated))
    return found


async def of_functions(connection: Connection) -> list[Mutant]:
    """Each place in a function that asks for the audience, and each condition of what works the audience out."""
    functions = await _functions(connection)
    inner = _reached(functions, AUDIENCE)
    found = []
    for name, each in functions.items():
        if name in inner:
            found += [
                Mutant(f"{name}: {ordinal}, without {_short(gone)}", _redefined(each, mutated))
                for ordinal, (gone, mutated) in enumerate(_without_conditions(each["source"]), start=1)
            ]
        elif name not in SECOND_FENCE:
            found += [
                Mutant(f"{name}: audience {ordinal}", _redefined(each, mutated))
                for ordinal, mutated in enumerate(_without_audience(each["source"]), start=1)
            ]
    return found


async def unguarded(connection: Connection) -> list[str]:
    """Definer functions that are told a viewer and never ask for the audience."""
    return [
        name
        for name, each in (await _functions(connection)).items()
        if each["definer"] and "viewer" in (each["arguments"] or "") and name != AUDIENCE
        if not _CALL.search(each["source"])
    ]


async def let_all_through(rehearsal: AppRehearsal) -> list[Mutant]:
    """Takes every predicate out at once, in the functions; those in statements are returned, to be put to work."""
    async with rehearsal.as_owner() as connection:
        for name, each in (await _functions(connection)).items():
            if name != AUDIENCE and name not in SECOND_FENCE and _CALL.search(each["source"]):
                text = _CALL.sub(f"{EVERYTHING}(", each["source"])
                await connection.execute(_redefined(each, text).encode())
    return [
        Mutant(name, module=module, statement_name=name, text=_CALL.sub(f"{EVERYTHING}(", text))
        for module, name, text in _asking()
    ]


async def open_every_container(connection: Connection) -> None:
    """Adds the function that the mutants ask instead; run it as the owner."""
    query = """
        select pg_get_function_identity_arguments(oid) as arguments, pg_get_function_result(oid) as result
          from pg_proc where proname = %s and pronamespace = 'public'::regnamespace"""
    row = await (await connection.execute(query, [AUDIENCE])).fetchone()
    assert row is not None
    made = f"""create function {EVERYTHING}({row["arguments"]}) returns {row["result"]}
               language sql stable as 'select container_id from containers'"""
    await connection.execute(made.encode())


# The second fence ---------------------------------------------------------------------------------------------------

SECOND_FENCE = ("visible_containers",)
"""Functions that only policies call."""


async def of_policies(connection: Connection) -> list[Mutant]:
    """Each condition of each policy, the function that they share, and each table's being fenced at all."""
    query = """
        select tablename, policyname, qual is not null as reads, with_check is not null as writes
          from pg_policies where schemaname = 'public' order by 1, 2"""
    found = []
    for row in await (await connection.execute(query)).fetchall():
        for clause, given in (("using", row["reads"]), ("with check", row["writes"])):
            if given:
                text = f'alter policy "{row["policyname"]}" on "{row["tablename"]}" {clause} (true)'
                found.append(Mutant(f"policy {row['tablename']}.{row['policyname']}: {clause}", text))
    functions = await _functions(connection)
    for name in SECOND_FENCE:
        found += [
            Mutant(f"{name}: audience {ordinal}", _redefined(functions[name], mutated))
            for ordinal, mutated in enumerate(_without_audience(functions[name]["source"]), start=1)
        ]
    return found + [Mutant(f"no fence: {table}", _unfenced(table)) for table in await fenced(connection)]


async def take_down_second_fence(rehearsal: AppRehearsal) -> None:
    async with rehearsal.as_owner() as connection:
        for table in await fenced(connection):
            await connection.execute(_unfenced(table).encode())


def _unfenced(table: str) -> str:
    return sql.SQL("alter table {} disable row level security").format(sql.Identifier(table)).as_string()


# Reading SQL --------------------------------------------------------------------------------------------------------


def conditions(text: str) -> list[tuple[int, int]]:
    """Where the conditions of `where` and `on` begin and end, at every depth: what stands between `and` and `or`."""
    found: list[tuple[int, int]] = []
    starts: list[int | None] = [None]
    before = ""

    def close(end: int) -> None:
        start = starts[-1]
        if start is not None and text[start:end].strip():
            found.append((start, end))

    for token in _TOKEN.finditer(text):
        word = token[0].lower()
        if word.startswith("--"):
            continue
        if word == "(":
            grouping = starts[-1] is not None and before in {*_BEGINS, *_BETWEEN, "not", "("}
            starts.append(token.end() if grouping else None)
        elif word == ")":
            close(token.start())
            starts.pop()
        elif word in _BEGINS | _ENDS:
            close(token.start())
            starts[-1] = token.end() if word in _BEGINS else None
        elif word in {"select", "with"}:
            starts[-1] = None
        elif word in _BETWEEN and starts[-1] is not None:
            close(token.start())
            starts[-1] = token.end()
        before = word
    close(len(text))
    return sorted(set(found))


def _without_conditions(text: str) -> Iterator[tuple[str, str]]:
    for start, end in conditions(text):
        yield text[start:end], f"{text[:start]} true {text[end:]}"


def _without_audience(text: str) -> Iterator[str]:
    for call in _CALL.finditer(text):
        yield f"{text[: call.start()]}{EVERYTHING}({text[call.end() :]}"


def _asking() -> Iterator[tuple[str, str, str]]:
    for each in iter_modules(memory.__path__, "memory."):
        statements = getattr(import_module(each.name), "SQL", None)
        if isinstance(statements, Statements):
            yield from ((each.name, name, text) for name, text in statements.items() if _CALL.search(text))


async def _functions(connection: Connection) -> dict[str, dict[str, Any]]:
    query = """
        select proname as name, prosrc as source, prosecdef as definer, pg_get_functiondef(oid) as definition,
               pg_get_function_arguments(oid) as arguments
          from pg_proc p
         where pronamespace = 'public'::regnamespace and prokind = 'f' and proname !~ '^procrastinate_'
           and prolang in (select oid from pg_language where lanname in ('sql', 'plpgsql'))
         order by 1"""
    return {row["name"]: row for row in await (await connection.execute(query)).fetchall()}


def _reached(functions: dict[str, dict[str, Any]], start: str) -> set[str]:
    """A function, and all of ours that it calls."""
    reached, todo = set(), [start]
    while todo:
        name = todo.pop()
        reached.add(name)
        called = [each for each in functions if re.search(rf"\b{each}\s*\(", functions[name]["source"])]
        todo += [each for each in called if each not in reached]
    return reached


def _redefined(function: dict[str, Any], source: str) -> str:
    text = str(function["definition"])
    assert text.count(function["source"]) == 1
    return text.replace(function["source"], source)


def _short(text: str) -> str:
    return " ".join(text.split())[:70]
