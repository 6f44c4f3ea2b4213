"""A user of the embedded Postgres as a program of its own, for the tests to kill.

Says `ready`, then `ended` when the server ended under it; leaves when its input ends.
"""

import sys
import threading
from contextlib import nullcontext
from pathlib import Path

from bot.local.postgres import EmbeddedPostgres


def say(word: str) -> None:
    print(word, flush=True)  # noqa: T201 - how it talks to the test


def main() -> None:
    with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as postgres:
        postgres.ended.add_done_callback(lambda ended: None if ended.cancelled() else say("ended"))
        with postgres.throwaway() if "throwaway" in sys.argv else nullcontext("") as name:
            say(f"ready {name}".strip())
            sys.stdin.read()


if __name__ == "__main__":
    threading.excepthook = lambda failure: say(str(failure.exc_value))
    main()
