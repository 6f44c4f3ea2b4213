"""How fast Daybook is: `python -m tests.bench search MESSAGES`, `… writing`,
`… engines EXPORT.zip`, `… export EXPORT.zip`, `… mornings [PEOPLE]`, `… answers [MESSAGES]`.
"""

import sys
from collections.abc import Callable

from tests.bench import answers, engines, export, mornings, search, writing

BENCHES: dict[str, Callable[..., None]] = {
    "answers": answers.measure,
    "engines": engines.measure,
    "export": export.measure,
    "mornings": mornings.measure,
    "search": search.measure,
    "writing": writing.measure,
}

if __name__ == "__main__":
    BENCHES[sys.argv[1]](*sys.argv[2:])
