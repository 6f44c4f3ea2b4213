"""`daybook`, and `python -m bot`. Loading takes a moment, in which Ctrl-C is to be as quiet as later."""

import sys

try:
    from bot.cli import main
except KeyboardInterrupt:
    sys.exit(130)

if __name__ == "__main__":
    main()
