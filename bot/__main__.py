"""`daybook`, and `python -m bot`. Loading takes a moment, in which Ctrl-C is to be as quiet as later."""

import gc
import sys

from bot import interrupts

# Loading makes a few hundred thousand objects that all stay: looked through after every 700 of them, it takes a seventh
# longer.
gc.set_threshold(50_000)

try:
    interrupts.listen()
    from bot.cli import main

    interrupts.end_if_asked()
except KeyboardInterrupt:
    sys.exit(130)

if __name__ == "__main__":
    main()
