"""`daybook`, and `python -m bot`. Loading takes a moment, in which Ctrl-C is to be as quiet as later."""

import sys

from bot import interrupts

try:
    interrupts.listen()
    from bot.cli import main

    interrupts.end_if_asked()
except KeyboardInterrupt:
    sys.exit(130)

if __name__ == "__main__":
    main()
