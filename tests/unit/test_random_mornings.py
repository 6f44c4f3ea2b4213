"""Whatever happened: a briefing that Slack takes, whose every sentence has a source, and that fits a phone.

The gate tries a few hundred mornings; `DAYBOOK_MORNINGS=10000` as many as it says.
"""

import os
import random
from datetime import timedelta
from uuid import UUID

import pytest

from bot.local.workspace.block_limits import MESSAGE, MODAL, check_blocks
from graphs import fitting, preferences
from graphs.tasks import verify
from handlers.blocks import briefing, limits, why
from memory.models.briefings import Item, Promised, Tag
from memory.models.facts import LIFE, FactKind
from memory.models.ids import FactId
from tests.unit import morning
from tests.unit.morning import ANA, BEN, BOT, CONTAINERS, IDA, MIRA, TODAY, TOM, URL, Evening, fact, message, talk

MORNINGS = int(os.environ.get("DAYBOOK_MORNINGS", "300"))
BATCHES = 10
PEOPLE = (ANA, BEN, IDA, MIRA, TOM, BOT)
OPENINGS = (
    *(
        "I'll send the plan by Friday",
        "Decided: we stay on the old queue",
        "can you look at PR-12?",
        "I'm blocked on DNS",
    ),
    *(
        "Gateway 4.2 is live",
        "<@U1> please review the draft",
        "<!channel> lunch",
        "https://example.com/a?b=c&d=e",
        "ok",
        "",
    ),
    *(
        "• one\n• two\n• three",
        "`code` *bold* _it_ ~no~ > quote",
        "<https://x.example|[a](b)>",
        "👩‍👩‍👧 🎉",
        "؟ مرحبا \u202e abc",
    ),
)
ROW = 4
"""Buttons that stand beside each other on a phone."""
TAGS: tuple[Tag, ...] = ("new", "changed", "still_open", "resolved")


def evening(chance: random.Random) -> Evening:
    """Any number of people, facts, times and words, some of them very long."""
    messages, facts = [], []
    for number in range(chance.choice((0, 1, 3, 12, 40, 120))):
        author = chance.choice(PEOPLE)
        tail = chance.choice(
            ("", " again", " and the ledger", " x" * chance.choice((3, 60, 3000)), chr(chance.randrange(0x2FFF)))
        )
        said = message(
            number,
            author,
            chance.choice(OPENINGS) + tail,
            hours_ago=chance.uniform(0, 300),
            to=tuple(chance.sample(PEOPLE, chance.randrange(3))),
            where=chance.choice(CONTAINERS),
            kind="bot" if author is BOT else "human",
        )
        messages.append(said)
        for ordinal in range(chance.choice((0, 1, 1, 2))):
            kind: FactKind = chance.choice(sorted(LIFE))
            due = chance.choice((None, TODAY + timedelta(days=chance.randrange(-12, 12))))
            to = chance.choice((None, *PEOPLE))
            facts.append(fact(kind, chance.choice(LIFE[kind]), said, to=to, due=due, ordinal=ordinal))
    talks = []
    rest = list(messages)
    while rest:
        size = chance.choice((1, 2, 9))
        here = [each for each in rest if each.container_id == rest[0].container_id][:size]
        talks.append(
            talk(*sorted(here, key=lambda each: each.posted_at), gist=chance.choice(("", "They spoke of it.")))
        )
        rest = [each for each in rest if each not in here]
    home = {key: each for each in talks for key in each.message_ids}
    placed = [
        each.model_copy(update={"conversation_id": home[each.evidence[0].message_id].conversation_id}) for each in facts
    ]
    return Evening(messages=tuple(messages), conversations=tuple(talks), facts=tuple(placed))


def _told(item: Item, chance: random.Random) -> Item:
    """For the first time or again, and with what people may have said of it since."""
    promise = item.fact_ids[0] if item.fact_ids and chance.random() < 0.3 else None
    since: dict[str, object] = {
        "confirmed": chance.random() < 0.5,
        "taken_back": chance.random() < 0.1,
        "promise_id": promise,
    }
    if promise is None and chance.random() < 0.2:
        since["promises"] = tuple(
            Promised(fact_id=FactId(UUID(int=n)), text=chance.choice((item.text, item.why, ""))) for n in range(2)
        )
    return item.model_copy(update={"tag": chance.choice(TAGS), "day": chance.randrange(1, 40), **since})


@pytest.mark.parametrize("batch", range(BATCHES))
def test_any_morning_is_a_briefing_that_slack_takes(batch: int) -> None:
    """No block that Slack would refuse, in the message, the view or their plain text; and all of it carried."""
    for seed in range(batch, MORNINGS, BATCHES):
        chance = random.Random(seed)
        happened = evening(chance)
        made = morning.briefed(happened)
        made = made.model_copy(update={"items": tuple(_told(item, chance) for item in made.items)})
        blocks = briefing.blocks(made, URL, tz=MIRA.tz)
        assert check_blocks(blocks, MESSAGE) == [], seed
        assert all(len(block["elements"]) <= ROW for block in blocks if block["type"] == "actions"), seed
        assert 0 < len(briefing.fallback(made)) <= limits.FALLBACK, seed
        said = morning.words(happened)
        for item in made.items:
            assert item.sources, seed
            assert all(source.message_id in said for source in item.sources), seed
            assert verify.split(item.text), seed
            assert check_blocks(why.view(item, [], URL)["blocks"], MODAL) == [], seed
        assert sum(item.section == "needs_you" for item in made.items) <= 3, seed
        loose = [item for item in made.items if item.section != "needs_you"]
        assert not loose or sum(map(fitting.length, made.items)) <= preferences.CHARACTERS, seed
