"""What is offered to be asked follows from a morning, without its words."""

from datetime import date, timedelta

from handlers import agent_view
from handlers.agent_view import MOST, USUAL
from memory.models.briefings import Item, Section
from memory.models.ids import ItemId, derive

TUESDAY = date(2026, 11, 24)


def item(section: Section, *, done: bool = False) -> Item:
    key = derive(section, done)
    return Item(item_id=ItemId(key), section=section, text="walrus", why="", sources=(), anchor_id=key, done=done)


def test_without_a_briefing_the_usual_is_offered() -> None:
    """Somebody new is offered what is always worth asking, as the manifest has it."""
    assert agent_view.prompts((), TUESDAY) == USUAL


def test_what_stands_in_the_briefing_is_offered_first() -> None:
    """Its sections choose the questions, in their order; there are at most four, none twice."""
    found = agent_view.prompts([item("needs_you"), item("blocked"), item("also"), item("promises")], TUESDAY)
    assert found == ("Who waits for me?", "What is blocked?", "What do I owe?", "What was decided this week?")
    assert len(found) <= MOST


def test_what_is_done_is_offered_no_more() -> None:
    """An item that was answered asks for nothing."""
    assert agent_view.prompts([item("needs_you", done=True)], TUESDAY) == USUAL


def test_no_words_of_a_briefing_are_offered() -> None:
    """Slack keeps what is offered, whatever becomes of the words behind it."""
    assert "walrus" not in "".join(agent_view.prompts([item("decisions")], TUESDAY))


def test_after_a_weekend_it_is_asked_what_was_decided_before_it() -> None:
    """“Yesterday” would find nothing on a Monday."""
    asked = [agent_view.prompts([item("decisions")], TUESDAY + timedelta(days=number))[0] for number in range(7)]
    yesterday, friday = agent_view.DECIDED, agent_view.DECIDED_BEFORE_THE_WEEKEND
    assert asked == [*[yesterday] * 5, friday, friday]
