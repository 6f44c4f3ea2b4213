"""What is left of words: in a dump of the whole database, and in every column of every row."""

import subprocess
from collections.abc import Iterable

from bot.local.postgres_binaries import Account, bundled, find_binaries
from tests.integration.tables import every_text


def pg_dump(admin_dsn: str) -> str:
    """The database as a backup has it."""
    program = find_binaries(bundled(), Account.choose()) / "pg_dump"
    dumped = subprocess.run([program, "--dbname", admin_dsn], check=True, capture_output=True, text=True)
    assert "PostgreSQL database dump complete" in dumped.stdout
    return dumped.stdout


def found_in(text: str, canaries: Iterable[str]) -> list[str]:
    """Which of these stand in a text: in any case, as words, as part of a word, or as bytes in hexadecimal."""
    lowered = text.casefold()
    return [
        each
        for each in canaries
        if each.casefold() in lowered or any(form.encode().hex() in lowered for form in (each, each.lower()))
    ]


def columns_with(admin_dsn: str, canaries: Iterable[str]) -> list[tuple[str, str]]:
    """The columns in which one of these stands, and which."""
    wanted = list(canaries)
    return sorted({(name, each) for name, value in every_text(admin_dsn) for each in found_in(value, wanted)})
