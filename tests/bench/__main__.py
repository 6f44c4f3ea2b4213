"""How fast Daybook is: `python -m tests.bench search MESSAGES`, `python -m tests.bench export EXPORT.zip`."""

import sys
from collections.abc import Callable

from tests.bench import export, search

BENCHES: dict[str, Callable[[str], None]] = {"export": export.measure, "search": search.measure}

if __name__ == "__main__":
    BENCHES[sys.argv[1]](sys.argv[2])
