"""How fast Daybook is: `python -m tests.bench search MESSAGES`, `… writing`, `… export EXPORT.zip`."""

import sys
from collections.abc import Callable

from tests.bench import export, search, writing

BENCHES: dict[str, Callable[..., None]] = {
    "export": export.measure,
    "search": search.measure,
    "writing": writing.measure,
}

if __name__ == "__main__":
    BENCHES[sys.argv[1]](*sys.argv[2:])
