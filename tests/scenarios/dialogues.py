"""Forty talks with Daybook over the sample day: who asks, where, and what each answer has to hold.

A word with `-` before it must not stand in the answer. What is asked in a channel begins with a mention (`@`); what
follows does without, unless it says otherwise.
"""

from dataclasses import dataclass

from tests.scenarios.team import ADA, BEN, BOT, CHI, DEE, ELI, FAY, GENERAL, GUS, INCIDENTS, LEADS, PAYMENTS, PLATFORM

DM = "DM"
SILENCE = "silence"
NOTHING, ALL_TOLD, UNTOLD = "I found nothing", "That is all I found", "I have told nothing here"


@dataclass(frozen=True)
class Turn:
    """What somebody writes, and what the answer holds; `holds` is SILENCE where there is to be none."""

    person: str
    text: str
    holds: tuple[str, ...]

    @property
    def silent(self) -> bool:
        return self.holds == (SILENCE,)

    def wrong_in(self, answer: str) -> list[str]:
        """What is missing in an answer, or should be."""
        wanted = [each for each in self.holds if not each.startswith("-") and each not in answer]
        return wanted + [each for each in self.holds if each.startswith("-") and each[1:] in answer]


@dataclass(frozen=True)
class Dialogue:
    place: str
    turns: tuple[Turn, ...]


def _talk(person: str, place: str, *turns: tuple[str, ...]) -> Dialogue:
    """Turns are (text, *holds) of this person, or (person, text, *holds) of somebody else."""
    made = []
    for each in turns:
        who, text, *holds = each if each[0] in _PEOPLE else (person, *each)
        made.append(Turn(who, text.replace("@", f"<@{BOT}>", 1) if text.startswith("@") else text, tuple(holds)))
    return Dialogue(place, tuple(made))


_PEOPLE = frozenset({ADA, BEN, CHI, DEE, ELI, FAY, GUS})
DIALOGUES = (
    # What was decided, and by whom, when and why.
    _talk(
        FAY,
        GENERAL,
        ("@ what was decided about the ledger?", "Quince"),
        ("who said that?", "Ada Brandt", "#payments"),
        ("when was that?", "today"),
        ("and the importer?", "old importer"),
    ),
    _talk(
        ADA,
        DM,
        ("what was decided about Marigold?", "Eli and Fay"),
        ("who said that?", "You wrote in #leads"),
        ("and about the platform freeze?", "21st of December"),
        ("what about yesterday?", NOTHING),
        ("and today?", "21st"),
    ),
    _talk(
        ADA,
        DM,
        ("what was decided this week?", "Quince"),
        ("and the others?", "-Quince", "decided"),
        ("anything else?", ALL_TOLD),
        ("who said that?", "wrote in"),
    ),
    _talk(
        BEN,
        PAYMENTS,
        ("@ what did we decide about the rounding fix?", "release it tomorrow"),
        ("why?", "#payments"),
        ("who decided that?", "Ben Okafor"),
        ("and Ada?", "-release it tomorrow"),
    ),
    _talk(
        ELI,
        GENERAL,
        ("@ was the platform freeze decided?", "21st of December"),
        ("who decided that?", "Dee Alvarez"),
        ("where?", "#platform"),
    ),
    _talk(
        CHI,
        DM,
        ("what was decided about the all-hands?", "Wednesday"),
        ("says who?", "Dee Alvarez", "#general"),
        ("since when?", "today"),
        ("and about the platform?", "21st"),
    ),
    _talk(
        DEE,
        LEADS,
        ("@ what was decided about Marigold?", "Eli and Fay"),
        ("who said that?", "Ada Brandt", "#leads"),
        ("show me the source", "Understood"),
    ),
    # What was promised, by whom and to whom.
    _talk(
        BEN,
        DM,
        ("what do I owe?", "postmortem", "runbook"),
        ("when is it due?", "Mon 23 Nov"),
        ("who said that?", "You wrote"),
        ("and the other one?", ALL_TOLD),
    ),
    _talk(
        DEE,
        DM,
        ("what did Ben promise?", "postmortem"),
        ("what else did he promise?", "-postmortem"),
        ("and the runbook?", "runbook"),
        ("is it done?", "Still open"),
    ),
    _talk(
        DEE,
        PLATFORM,
        ("@ remind me what I promised Eli", "security"),
        ("when is it due?", "tomorrow"),
        ("and Chiyo?", NOTHING),
    ),
    _talk(
        FAY,
        PAYMENTS,
        ("@ what did I promise Ben?", "refund queue"),
        ("is it done?", "done"),
        ("when was that?", "today"),
        ("who said that?", "Fay Lindqvist"),
    ),
    _talk(
        CHI,
        PLATFORM,
        ("@ what did Eli promise?", "move the"),
        ("is that done?", "done"),
        ("and Dee?", "security"),
        ("and Ben?", "runbook"),
    ),
    _talk(
        ADA,
        DM,
        ("what did Dee promise?", "Marigold announcement"),
        ("by when?", "Tue 24 Nov"),
        ("and Ben?", "postmortem", "-announcement"),
    ),
    _talk(
        DEE,
        INCIDENTS,
        ("@ what did Ben promise about the postmortem?", "Mon 23 Nov"),
        ("when is it due?", "Mon 23 Nov"),
        ("is it done yet?", "Still open"),
        ("why?", "checkout outage"),
    ),
    _talk(ELI, DM, ("what did I promise?", "exports"), ("is that done?", "done"), ("who asked for it?", "Chiyo")),
    # What is blocked, and open.
    _talk(
        ELI,
        PLATFORM,
        ("@ who is blocked?", "firewall"),
        ("since when?", "today"),
        ("why?", "security has not answered"),
        ("is it still blocked?", "firewall"),
    ),
    _talk(
        ADA,
        INCIDENTS,
        ("@ who was blocked on the rollback?", "Ben Okafor"),
        ("is that still so?", "cleared"),
        ("who said that?", "#incidents"),
    ),
    _talk(
        ADA,
        DM,
        ("who asked about the stuck refunds?", "finance team"),
        ("when was that?", "today"),
        ("and the Swiss customers?", "importer"),
    ),
    _talk(
        CHI,
        DM,
        ("who asked for the capacity plan?", "Dee Alvarez"),
        ("when did she ask that?", "today"),
        ("what were the words?", "first quarter"),
    ),
    # Who knows, and what is known.
    _talk(
        DEE,
        PLATFORM,
        ("@ who knows about the proxy?", "Ben Okafor"),
        ("what did he say?", "Ben Okafor wrote"),
        ("and the exports?", "Eli Novak"),
    ),
    _talk(
        FAY,
        GENERAL,
        ("@ who knows about the staging cluster?", "Eli Novak"),
        ("what did he say?", "out of disk"),
        ("thanks!", SILENCE),
        ("who said that?", "Eli Novak"),
    ),
    _talk(
        GUS,
        INCIDENTS,
        ("@ what happened to checkout?", "502"),
        ("who wrote that?", "Gus Tran"),
        ("was it approved?", "rollback"),
    ),
    _talk(
        FAY,
        PAYMENTS,
        ("@ what caused the refund queue?", "rounding bug"),
        ("who said that?", "Fay Lindqvist"),
        ("what about the fix?", "rounding fix"),
    ),
    _talk(
        BEN,
        DM,
        ("what is new on the refund queue?", "412"),
        ("who said that?", "Fay Lindqvist"),
        ("since when?", "today"),
    ),
    _talk(
        CHI,
        GENERAL,
        ("@ what happened with the exports?", "staging"),
        ("is that done?", "done"),
        ("what else?", "-silence"),
    ),
    # People who talk to each other in the thread.
    _talk(
        FAY,
        PAYMENTS,
        ("@ what was decided about the rounding fix?", "rounding fix"),
        (BEN, "looks good to me", SILENCE),
        (FAY, "who said that?", SILENCE),
        (FAY, "@ who said that?", "Ben Okafor"),
    ),
    _talk(
        FAY,
        GENERAL,
        ("@ when is the all-hands?", "15:00"),
        ("ok, thanks", SILENCE),
        ("can somebody book the room?", SILENCE),
        ("who said that?", "Dee Alvarez"),
    ),
    _talk(
        GUS,
        INCIDENTS,
        ("@ was the rollback approved?", "Approved"),
        (BEN, "who said that?", SILENCE),
        (BEN, "daybook, who said that?", "Ada Brandt"),
    ),
    _talk(
        DEE,
        PLATFORM,
        ("@ what about the firewall change?", "security"),
        (f"<@{BEN}> who said that?", SILENCE),
        ("who said that?", SILENCE),
        ("@ since when?", "today"),
    ),
    _talk(
        ELI,
        PAYMENTS,
        ("@ who approves the invoice tool licence?", "licence"),
        (ADA, "approved", SILENCE),
        (ADA, "Daybook, when was that?", "today"),
    ),
    # What may not be told, and what nothing is known of.
    _talk(
        CHI,
        PLATFORM,
        ("@ what do we know about Marigold?", "-acquisition"),
        ("who said that?", "-leads", "-acquisition"),
        ("and the acquisition?", "-Marigold announcement", "-4th"),
    ),
    _talk(
        DEE,
        GENERAL,
        ("@ what was decided about Marigold?", "-staff"),
        ("and the announcement?", "-Tuesday"),
        ("anything else?", "-acquisition"),
    ),
    _talk(
        GUS,
        INCIDENTS,
        ("@ which ledger version do we ship?", "-Quince"),
        ("who said that?", "-Quince"),
        ("and the importer?", "-old importer"),
    ),
    _talk(
        FAY,
        DM,
        ("what happened to the submarine contract?", NOTHING),
        ("who said that?", UNTOLD),
        ("and the ledger?", "Quince"),
        ("who said that?", "Ada Brandt"),
    ),
    # From one matter to the next, and back.
    _talk(
        BEN,
        DM,
        ("what was decided about the ledger?", "Quince"),
        ("what do I owe?", "postmortem"),
        ("who said that?", "You wrote"),
        ("what was decided about the freeze?", "21st"),
        ("who said that?", "Dee Alvarez"),
    ),
    _talk(
        ADA,
        DM,
        ("what did Fay promise?", "refund queue"),
        ("and Eli?", "exports"),
        ("and Ben?", "postmortem"),
        ("when is that due?", "Mon 23 Nov"),
        ("and Dee?", "announcement"),
        ("by when?", "Tue 24 Nov"),
    ),
    _talk(
        CHI,
        DM,
        ("what was decided yesterday?", NOTHING),
        ("and today?", "21st"),
        ("and the promises?", "promised"),
        ("what about the blockers?", "blocked"),
    ),
    _talk(
        ELI,
        DM,
        ("what did Dee promise me?", "security"),
        ("when is it due?", "tomorrow"),
        ("is it done?", "Still open"),
        ("why?", "firewall change"),
        ("and Ben?", "-security"),
    ),
    _talk(
        BEN,
        INCIDENTS,
        ("@ who approved the rollback?", "Ada"),
        ("when?", "today"),
        ("why?", "rollback"),
        ("what else?", "-silence"),
        ("who said that?", "wrote"),
        ("thanks", SILENCE),
        ("since when?", "today"),
        ("and the postmortem?", "postmortem"),
    ),
    _talk(
        DEE,
        DM,
        ("who owes me something?", "Ben Okafor"),
        ("when is it due?", "Mon 23 Nov"),
        ("who said that?", "Ben Okafor"),
        ("and Eli?", "-postmortem"),
        ("what did he promise?", "exports"),
        ("is it done?", "done"),
    ),
)
