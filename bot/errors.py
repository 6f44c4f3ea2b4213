class BotFailure(Exception):
    """Daybook cannot be run like this; the message is one sentence that says what to do."""


class BadSettings(BotFailure):
    """A setting is missing or malformed; the message names it and says where to get it."""


class BadInput(BotFailure):
    """What was given on the command line cannot be used; the message says why."""
