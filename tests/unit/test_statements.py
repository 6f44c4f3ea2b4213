import pytest

from memory import statements
from memory.statements import StatementError

FILE = """\
-- Messages, in any order.

-- name: store_message
-- Keeps the newest wording.
insert into messages values (%(id)s, '-- not a comment'); -- kept

-- name: read_messages
select *
  -- all of them
  from messages;
"""


def test_statements_come_by_name_and_bare() -> None:
    """A statement is found by its name, without line comments and the closing semicolon, and otherwise unchanged."""
    found = statements.parse(FILE, source="messages.sql")
    assert found == {
        "store_message": "insert into messages values (%(id)s, '-- not a comment'); -- kept",
        "read_messages": "select *\n  from messages",
    }


def test_a_file_may_be_empty() -> None:
    """A file that holds comments only has no statements."""
    assert statements.parse("-- nothing yet\n", source="x.sql") == {}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("-- name: read_a\nselect 1\n-- name: read_a\nselect 2\n", "two statements named read_a"),
        ("select 1\n", "without a name"),
        ("select 1\n-- name: read_a\nselect 2\n", "without a name"),
        ("-- name: read_a\n-- only words\n", "no statement below the name read_a"),
        ("-- name: read_a\n-- name: read_b\nselect 1\n", "no statement below the name read_a"),
        ("-- name: ReadA\nselect 1\n", "'-- name: ReadA'"),
        ("--name: read_a\nselect 1\n", "'--name: read_a'"),
        ("-- name read_a\nselect 1\n", "'-- name read_a'"),
        ("-- name: read a\nselect 1\n", "'-- name: read a'"),
    ],
)
def test_a_malformed_file_is_refused(text: str, complaint: str) -> None:
    """A file that could be read in two ways is refused with a sentence that names the place."""
    with pytest.raises(StatementError, match=r"^x\.sql") as refusal:
        statements.parse(text, source="x.sql")
    assert complaint in str(refusal.value)


def test_an_unknown_name_is_refused() -> None:
    """Asking for a statement that is not there names those that are."""
    with pytest.raises(StatementError, match=r"no statement read_all in messages\.sql: it has read_messages, store"):
        statements.parse(FILE, source="messages.sql")["read_all"]


def test_an_unknown_file_is_refused() -> None:
    """Loading a file that is not in the package says so."""
    with pytest.raises(StatementError, match=r"memory/sql/unicorns\.sql"):
        statements.load("unicorns")
