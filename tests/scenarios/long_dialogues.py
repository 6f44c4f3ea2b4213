"""Talks that go on for days and weeks: what was told last week is asked of, and what is too long ago is said to be.

Counted from the Thursday of the sample day, at the same hour. What was talked of a month ago is no longer known.
"""

from dataclasses import dataclass

from graphs.tasks import recall
from tests.scenarios.dialogues import DM, Turn
from tests.scenarios.team import ADA, BEN, BOT, CHI, DEE, ELI, FAY, PAYMENTS, PLATFORM

MONTH = 35


@dataclass(frozen=True)
class LongDialogue:
    """Turns of one person, each with its day."""

    place: str
    turns: tuple[tuple[int, Turn], ...]


def _talk(person: str, place: str, *turns: tuple[int, str, tuple[str, ...]]) -> LongDialogue:
    made = [(day, Turn(person, text.replace("@", f"<@{BOT}>", 1), holds)) for day, text, holds in turns]
    return LongDialogue(place, tuple(made))


SAID_LATER = (
    (4, PAYMENTS, ADA, "Changing my mind: we ship ledger Rowan on Monday instead of Quince."),
    (4, PLATFORM, ELI, "The firewall change is through, we are unblocked."),
)
"""What people write meanwhile, on the Monday after."""
LONG_DIALOGUES = (
    _talk(
        BEN,
        DM,
        (0, "what do I owe?", ("postmortem", "runbook")),
        (1, "remind me what I promised Dee", ("postmortem",)),
        (1, "when is it due?", ("Mon 23 Nov",)),
        (5, "is it done?", ("Still open",)),
    ),
    _talk(
        FAY,
        PAYMENTS,
        (0, "@ what was decided about the ledger?", ("Quince",)),
        (1, "@ who said that?", ("Ada Brandt",)),
        (1, "when was that?", ("yesterday",)),
        (5, "@ and the rounding fix?", ("rounding fix",)),
    ),
    _talk(
        ADA,
        DM,
        (0, "what was decided about the ledger?", ("Quince",)),
        (5, "what changed on the ledger?", ("Rowan",)),
        (6, "what was decided about the ledger as of Friday?", ("Quince", "-Rowan")),
        (6, "who said that?", ("You wrote",)),
    ),
    _talk(
        ELI,
        PLATFORM,
        (0, "@ who is blocked?", ("firewall",)),
        (5, "@ is it still blocked?", ("cleared",)),
        (MONTH, "@ since when?", (recall.FADED, "-firewall")),
        (MONTH, "who said that?", (recall.UNTOLD,)),
        (MONTH, "what was said about the firewall?", ("firewall",)),
    ),
    _talk(
        DEE,
        DM,
        (0, "what did Ben promise?", ("postmortem",)),
        (5, "and the runbook?", ("runbook",)),
        (MONTH, "is it done?", (recall.FADED,)),
        (MONTH, "what did Ben promise about the postmortem?", ("postmortem",)),
        (MONTH, "is it done?", ("Still open",)),
    ),
    _talk(
        CHI,
        PLATFORM,
        (0, "@ what did Dee promise Eli?", ("security",)),
        (1, "@ when is it due?", ("Fri 20 Nov",)),
        (6, "@ is it done?", ("Still open",)),
    ),
)
