"""Every table of a database, to look into for what must not be there."""

from collections.abc import Iterator

import psycopg
from psycopg import sql

_TEXTS = """
select table_name, column_name from information_schema.columns
 where table_schema = 'public' and table_name not like 'pg_%'
   and (data_type in ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'bytea', 'tsvector', 'USER-DEFINED'))
 order by 1, 2
"""


def every_text(admin_dsn: str) -> Iterator[tuple[str, str]]:
    """What stands in every text and JSON column of every row, and in which: ("table.column", value)."""
    with psycopg.connect(admin_dsn) as connection:
        for table, column in connection.execute(_TEXTS).fetchall():
            named = sql.SQL("select {}::text from {}").format(sql.Identifier(column), sql.Identifier(table))
            for (value,) in connection.execute(named).fetchall():
                if value is not None:
                    yield f"{table}.{column}", value
