"""Every SQL statement by its name, read from the `.sql` files of this package.

A file holds statements one after the other, each below its name and, if need be, comments that say more:

    -- name: store_message
    -- Keeps the newest wording.
    insert into …
"""

import re
from importlib import resources
from typing import LiteralString

from memory.errors import MemoryFailure

_HEADER = re.compile(r"^--\s*name\b.*$", re.MULTILINE)
_NAME = re.compile(r"-- name: ([a-z]+(?:_[a-z0-9]+)*)")
_COMMENT_LINE = re.compile(r"^\s*--.*$\n?", re.MULTILINE)


class StatementError(MemoryFailure):
    """A statement is missing, or its file cannot be read; the message says which."""


class Statements(dict[str, LiteralString]):
    """The statements of one file by name; an unknown name raises StatementError.

    Literal, since psycopg wants proof that nobody's input is in them: they come from our package alone.
    """

    def __init__(self, source: str, statements: dict[str, LiteralString]) -> None:
        super().__init__(statements)
        self.source = source

    def __missing__(self, name: str) -> LiteralString:
        raise StatementError(f"There is no statement {name} in {self.source}: it has {', '.join(sorted(self))}.")


def load(noun: str) -> Statements:
    """The statements of `memory/sql/<noun>.sql`.

    Raises:
        StatementError: there is no such file, or it is malformed.
    """
    file = resources.files("memory") / "sql" / f"{noun}.sql"
    if not file.is_file():
        raise StatementError(f"There is no file memory/sql/{noun}.sql: write it, or mend the name.")
    return parse(file.read_text(encoding="utf-8"), source=f"{noun}.sql")


def parse(text: str, *, source: str) -> Statements:
    """The statements in the text of a file, without whole-line comments and closing semicolons.

    Raises:
        StatementError: a name is malformed or used twice, a statement is empty or stands above the first name.
    """
    headers = list(_HEADER.finditer(text))
    if _bare(text[: headers[0].start()] if headers else text):
        raise StatementError(f"{source} begins with a statement without a name: put `-- name: verb_noun` above it.")
    found: dict[str, LiteralString] = {}
    ends = [*(header.start() for header in headers[1:]), len(text)]
    for header, end in zip(headers, ends, strict=False):  # an empty file has an end, but no header
        named = _NAME.fullmatch(header[0].rstrip())
        if named is None:
            raise StatementError(f"{source} has the line {header[0]!r}: write it as `-- name: verb_noun`.")
        statement = _bare(text[header.end() : end])
        if not statement:
            raise StatementError(f"{source} has no statement below the name {named[1]}: write one, or remove the name.")
        if named[1] in found:
            raise StatementError(f"{source} has two statements named {named[1]}: rename one.")
        found[named[1]] = statement
    return Statements(source, found)


def _bare(text: str) -> str:
    return _COMMENT_LINE.sub("", text).strip().removesuffix(";").rstrip()
