"""A Thursday on which everything happens at once, for one reader, and the Friday it leads to.

Beside what the small team writes anyway: more decisions, promises, blockers and questions than a briefing has room for,
a day full of meetings, and reviews that wait.
"""

from datetime import timedelta

from bot.app import Daybook
from bot.local.workspace import SeedMessage
from bot.local.workspace.clock import ts_of
from handlers.sources import calendar, reviews
from handlers.sources.calendar import Invitation
from handlers.sources.reviews import Happened, PullRequest
from memory.models.ids import PersonId, person_id
from tests.scenarios.team import (
    ADA,
    BEGIN,
    BEN,
    CHI,
    DEE,
    ELI,
    FAY,
    GENERAL,
    INCIDENTS,
    LEADS,
    MORNINGS,
    PAYMENTS,
)

_MORE = [
    (3, PAYMENTS, BEN, "We decided to move the settlement job to 02:00, after the banks have closed their day."),
    (11, PAYMENTS, ADA, "I'll send the auditors the list of manual refunds by Friday."),
    (13, PAYMENTS, ELI, "<@UADA> which of the two vendors do we tell about the new card limits?"),
    (18, GENERAL, DEE, "Decision: nobody deploys on the 24th and 25th of December, on-call included."),
    (26, INCIDENTS, BEN, "We agreed to page the second on-call after ten minutes instead of thirty."),
    (33, PAYMENTS, FAY, "I'm blocked on the sandbox keys for the new bank: <@UADA> can you ask them for a set?"),
    (35, PAYMENTS, ELI, "<@UADA> I will send you the numbers on failed payouts by Friday."),
    (41, LEADS, DEE, "<@UADA> I'll send you the interview plan for the two open positions by Friday noon."),
    (46, LEADS, ADA, "Decided: we hire for the payments team first, and for the platform in March."),
    (54, PAYMENTS, BEN, "Let's go with one ledger table per currency; the partitioned one was slower in every test."),
    (56, PAYMENTS, ELI, "I will write the migration for the ledger tables by Monday."),
    (58, PAYMENTS, BEN, "I'll move the invoice webhooks to the new queue by Tuesday."),
    (62, INCIDENTS, BEN, "<@UADA> I will send you the draft for the customers by tonight."),
    (70, PAYMENTS, FAY, "We're blocked: the payout file is rejected by the bank since this morning."),
    (80, INCIDENTS, CHI, "I'm blocked on the log retention, legal has to say for how long we may keep them."),
    (93, PAYMENTS, FAY, "I'll call the bank about the rejected payout file tomorrow at nine."),
    (97, PAYMENTS, BEN, "Decision: refunds above 500 euros need two people from now on."),
    (101, PAYMENTS, ELI, "<@UADA> do we charge the Norwegian shops in kroner or in euros?"),
    (116, GENERAL, DEE, "We decided to give every team one day a month for what annoys them most."),
    (121, INCIDENTS, ADA, "I will tell the board about the outage on Friday."),
    (130, LEADS, DEE, "<@UADA> can you sign off the travel budget? Finance closes the quarter on Friday."),
    (133, PAYMENTS, ELI, "The export to the tax office is live in all five countries."),
    (141, INCIDENTS, BEN, "We decided to keep the old proxy as a cold standby until January."),
    (152, PAYMENTS, FAY, "The card limits are deployed to production."),
    (161, LEADS, DEE, "Decided: the offsite is in Bergen, from the 2nd to the 4th of February."),
    (165, PAYMENTS, BEN, "I'll document how the two-person refunds work by Wednesday."),
    (175, PAYMENTS, ELI, "I'm blocked by the staging database: its disk is full and I can't run the migration."),
]
CROWDED = tuple(
    SeedMessage(channel=channel, ts=ts_of(BEGIN + timedelta(minutes=minute, seconds=30)), user=user, text=text)
    for minute, channel, user, text in _MORE
)
"""None of it in the minute of another message of the day."""

_MEETINGS = [
    (90, 30, "Payments stand-up", "", (BEN, ADA, FAY, ELI)),
    (150, 60, "Refund queue: what went wrong", "Please read Fay's notes before we meet.", (ADA, FAY, BEN)),
    (270, 30, "Weekly 1:1", "", (DEE, ADA)),
    (330, 45, "Budget for the first quarter", "Bring the numbers of your teams.", (DEE, ADA, CHI, BEN, ELI)),
    (480, 60, "Interview: backend engineer", "", (ADA, BEN)),
]
_PULLS = [("tern/ledger#412", "Round refunds per currency", FAY), ("tern/proxy#88", "Keep connections alive", BEN)]


async def plan(daybook: Daybook) -> None:
    """Feeds in what no message tells: the Friday's meetings, and the reviews that Ada is asked for."""
    team = daybook.workspace.team

    def who(name: str) -> PersonId:
        return person_id(team, "slack", name)

    everybody = frozenset(map(who, (ADA, BEN, FAY, ELI)))
    for number, (minutes, long, title, more, there) in enumerate(_MEETINGS):
        begins = MORNINGS[ADA] + timedelta(minutes=minutes)
        ends = begins + timedelta(minutes=long)
        called, invited = who(there[0]), frozenset(map(who, there))
        told = Invitation(f"E{number}", title, more, begins, ends, called, invited, BEGIN, BEGIN)
        await calendar.take(daybook.database, team, told)
    for name, title, author in _PULLS:
        opened = Happened(f"{name}-1", "opened", BEGIN, who(author), text="Ready.")
        asked = Happened(f"{name}-2", "review_requested", BEGIN + timedelta(hours=1), who(author), reviewer=who(ADA))
        await reviews.take(daybook.database, team, PullRequest(name, title, everybody), [opened, asked])
        async with daybook.database.house() as connection:
            await daybook.jobs.extract(connection, team, reviews.place_of(team, name))
