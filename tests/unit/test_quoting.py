"""Of a long message that is quoted which answers."""

from graphs.sentences import Voice
from graphs.tasks import understand
from graphs.tasks.quoting import passage
from graphs.tasks.retrieve import Counted
from graphs.tasks.sought import Sought
from tests.unit.morning import MIRA, NOW, PEOPLE, TEAM, TODAY

NAMES = {person.person_id: person.name for person in PEOPLE}
VOICE = Voice(team=TEAM, names=NAMES, today=TODAY, tz="UTC")
LONG = (
    "Good morning everybody, thank you for the patience with the many questions of the last days, it was a long week. "
    "We looked at it with finance and with the customers. The importer is switched off on Tuesday. Lunch is on me."
)


def quoted(question: str, text: str) -> str:
    plan = understand.rules(understand.Given(text=question, asker=MIRA, people=PEOPLE, asked_at=NOW))
    return passage(text, Sought(question, plan, NAMES, Counted()), VOICE)


def test_a_short_message_is_quoted_whole() -> None:
    """Without its last stop, as everywhere."""
    assert quoted("When is the importer switched off?", "On Tuesday. I think.") == "On Tuesday. I think"


def test_a_long_one_from_where_it_answers() -> None:
    """What stands before it is left out, and this is shown."""
    assert quoted("When is the importer switched off?", LONG) == (
        "…The importer is switched off on Tuesday. Lunch is on me"
    )
    assert quoted("Which questions were there in the last days?", LONG).startswith("Good morning")
