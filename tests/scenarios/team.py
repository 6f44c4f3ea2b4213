"""A small invented team, and what it writes on a Thursday: one message a line."""

from datetime import UTC, datetime, timedelta

from bot.local.workspace import Seed, SeedMessage
from bot.local.workspace.clock import ts_of

BOT = "UBOT"
ADA, BEN, CHI, DEE, ELI, FAY, GUS = "UADA", "UBEN", "UCHI", "UDEE", "UELI", "UFAY", "UGUS"
LEADERS = (ADA, CHI, DEE)
"""In Berlin, Tokyo and New York."""
GENERAL, PAYMENTS, PLATFORM, INCIDENTS, LEADS = "CGENERAL", "CPAYMENTS", "CPLATFORM", "CINCIDENTS", "CLEADS"
SECRET = "Marigold"
"""A word that is said in the private channel only."""

BEGIN = datetime(2026, 11, 19, 17, 5, tzinfo=UTC)
"""Thursday afternoon in New York, evening in Berlin, and before six on Friday morning in Tokyo."""
EVENING = datetime(2026, 11, 19, 20, 50, tzinfo=UTC)
MORNINGS = {
    CHI: datetime(2026, 11, 19, 23, 30, tzinfo=UTC),
    ADA: datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
    DEE: datetime(2026, 11, 20, 13, 30, tzinfo=UTC),
}
"""Half past eight on Friday, where each leader lives."""

_EVERYBODY = (ADA, BEN, CHI, DEE, ELI, FAY)
_PEOPLE = [
    (ADA, "ada", "Ada Brandt", "Director of Engineering", "Europe/Berlin"),
    (BEN, "ben", "Ben Okafor", "Tech Lead", "Europe/Berlin"),
    (CHI, "chi", "Chiyo Mori", "Engineering Manager", "Asia/Tokyo"),
    (DEE, "dee", "Dee Alvarez", "Engineering Manager", "America/New_York"),
    (ELI, "eli", "Eli Novak", "Engineer", "America/New_York"),
    (FAY, "fay", "Fay Lindqvist", "Engineer", "Europe/Berlin"),
    (GUS, "gus", "Gus Tran", "Contractor", "Europe/Berlin"),
]
SEED = Seed.model_validate(
    {
        "team": {"id": "T1", "name": "Tern", "domain": "tern", "bot_user_id": BOT},
        "users": [
            {"id": key, "name": name, "real_name": real, "title": title, "tz": tz, "is_guest": key == GUS}
            for key, name, real, title, tz in _PEOPLE
        ],
        "channels": [
            {"id": GENERAL, "name": "general", "members": [*_EVERYBODY], "bot_is_member": True},
            {"id": PAYMENTS, "name": "payments", "members": [ADA, BEN, FAY, ELI], "bot_is_member": True},
            {"id": PLATFORM, "name": "platform", "members": [CHI, BEN, ELI, DEE], "bot_is_member": True},
            {"id": INCIDENTS, "name": "incidents", "members": [ADA, BEN, CHI, DEE, GUS], "bot_is_member": True},
            {"id": LEADS, "name": "leads", "kind": "private", "members": [ADA, DEE], "bot_is_member": True},
        ],
    }
)

_DAY = [
    (0, GENERAL, DEE, "good morning everybody"),
    (2, PAYMENTS, BEN, "<@UFAY> can you look at the refund queue? It has been growing since noon."),
    (4, PAYMENTS, FAY, "I'll check the refund queue and report back by tomorrow noon."),
    (7, PLATFORM, ELI, "The staging cluster is out of disk again."),
    (8, PLATFORM, CHI, "<@UELI> please move the nightly exports off it."),
    (9, PLATFORM, ELI, "On it. I will move the exports tonight."),
    (15, INCIDENTS, GUS, "Checkout returns 502 for about 3% of customers in Europe."),
    (17, INCIDENTS, BEN, "Looking. The new proxy drops keep-alive connections."),
    (20, INCIDENTS, ADA, "<@UBEN> do you need anything from me?"),
    (22, INCIDENTS, BEN, "Yes: we are blocked until somebody approves the rollback. <@UADA> can you approve it?"),
    (25, INCIDENTS, ADA, "Approved, go ahead with the rollback."),
    (31, INCIDENTS, BEN, "Rolled back. Error rate is at zero again."),
    (40, LEADS, DEE, "About Marigold: the acquisition closes on the 4th of December, please keep it here."),
    (42, LEADS, ADA, "Understood. We decided to staff Marigold with Eli and Fay from January."),
    (44, LEADS, DEE, "I will draft the Marigold announcement by Tuesday."),
    (50, PAYMENTS, ELI, "Which ledger version do we ship on Monday?"),
    (52, PAYMENTS, ADA, "We decided to ship ledger Quince on Monday and drop the old importer."),
    (53, PAYMENTS, FAY, "+1"),
    (60, PLATFORM, DEE, "<@UCHI> could you send me the capacity plan for the first quarter?"),
    (63, PLATFORM, BEN, "I'll write the runbook for the proxy by Friday."),
    (66, GENERAL, FAY, "lunch tomorrow at the canal place?"),
    (67, GENERAL, BEN, "sure!"),
    (75, PLATFORM, ELI, "We're blocked on the firewall change: security has not answered since Tuesday."),
    (78, PLATFORM, DEE, "I will ask security about the firewall change tomorrow."),
    (90, PAYMENTS, FAY, "The refund queue is caused by the currency rounding bug, 412 refunds are stuck."),
    (92, PAYMENTS, BEN, "Let's go with the rounding fix from last week and release it tomorrow."),
    (95, PAYMENTS, ELI, "<@UADA> who tells the finance team about the stuck refunds?"),
    (110, GENERAL, DEE, "The all-hands moves to Wednesday at 15:00."),
    (115, GENERAL, CHI, "Thanks, noted."),
    (120, INCIDENTS, DEE, "<@UBEN> please write the postmortem for the checkout outage."),
    (123, INCIDENTS, BEN, "I'll write the postmortem by Monday."),
    (140, PLATFORM, ELI, "Exports are moved, staging has 60% free disk."),
    (150, PAYMENTS, BEN, "Do we keep the old importer for the Swiss customers?"),
    (160, LEADS, ADA, "<@UDEE> can you review the Marigold budget before Monday?"),
    (171, PLATFORM, DEE, "We agreed to freeze the platform from the 21st of December."),
    (180, GENERAL, ELI, "The office plants need water, volunteers?"),
    (190, PAYMENTS, FAY, "<@UADA> please approve the invoice tool licence, it expires on Monday."),
    (200, INCIDENTS, GUS, "No new errors for three hours."),
    (210, PLATFORM, BEN, "The proxy vendor answered: a patch is coming on Tuesday."),
    (220, GENERAL, FAY, "good night!"),
]
DAY = tuple(
    SeedMessage(channel=channel, ts=ts_of(BEGIN + timedelta(minutes=minute)), user=user, text=text)
    for minute, channel, user, text in _DAY
)


def said(text: str) -> SeedMessage:
    """The message of the day that holds this text."""
    return next(message for message in DAY if text in message.text)
