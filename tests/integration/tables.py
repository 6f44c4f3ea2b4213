"""Every table of a database, to look into for what must not be there."""

from collections.abc import Iterator

import psycopg
from psycopg import sql

_COLUMNS = """
select table_name, column_name, data_type = 'bytea' as is_bytes from information_schema.columns
 where table_schema = 'public' and table_name not like 'pg_%'
 order by 1, 2
"""


def every_text(admin_dsn: str) -> Iterator[tuple[str, str]]:
    """What stands in every column of every row, and in which: ("table.column", value). Bytes are read as letters."""
    with psycopg.connect(admin_dsn) as connection:
        for table, column, is_bytes in connection.execute(_COLUMNS).fetchall():
            shown = sql.SQL("encode({}, 'escape')") if is_bytes else sql.SQL("{}::text")
            named = sql.SQL("select {} from {}").format(shown.format(sql.Identifier(column)), sql.Identifier(table))
            for (value,) in connection.execute(named).fetchall():
                if value is not None:
                    yield f"{table}.{column}", value
