"""What one viewer has before them."""

from graphs.desk import Desk
from memory.messages import text_of
from memory.models.facts import Evidence
from memory.people import Roster
from tests.unit.morning import ANA, BEN, CONTAINERS, fact, message


def test_what_is_cited_brings_all_that_it_is_made_of() -> None:
    """A fact rests on four messages and two are cited: whatever tells of it goes with any of the four, and no other."""
    said = [message(number, BEN, f"I'll rotate key {number}") for number in range(6)]
    spans = [Evidence(message_id=each.message_id, start=0, end=5) for each in said[:4]]
    promise = fact("commitment", "open", said[0]).model_copy(update={"evidence": tuple(spans)})
    desk = Desk((), (promise,), tuple(said), CONTAINERS, Roster({each.person_id: each for each in (ANA, BEN)}), {})
    cited = [said[0].message_id, said[5].message_id]
    assert desk.behind(cited) == tuple(text_of(each) for each in (*said[:4], said[5]))
    assert desk.behind([said[4].message_id]) == (text_of(said[4]),)
    assert desk.behind([]) == ()
