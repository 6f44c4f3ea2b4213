"""Why something stands in a briefing: the reasons there are, how they read, and what follows from them."""

from collections.abc import Iterable, Mapping
from typing import Literal

from memory.models.base import Model
from memory.models.ids import PersonId

Code = Literal[
    "asked_again",
    "asked_of_you",
    "blocks_on_you",
    "mentioned",
    "my_promise_overdue",
    "my_promise_today",
    "my_promise_soon",
    "my_promise",
    "owed_to_you_overdue",
    "owed_to_you_today",
    "owed_to_you",
    "kept_for_you",
    "unanswered_yours",
    "your_blocker",
    "report_blocked",
    "report_decided",
    "report_late",
    "from_manager",
    "from_report",
    "from_further_report",
    "project",
    "you_follow_person",
    "you_follow_channel",
    "took_part",
    "your_channel",
    "reach",
    "replies",
    "reactions",
    "decision",
    "proposal",
    "unsettled",
    "blocker",
    "update",
    "question",
    "meeting",
    "meeting_for_all",
    "meeting_asks",
    "meeting_open",
    "your_meeting",
    "less_here",
    "less_from",
    "less_such",
    "more_here",
]

WORDS: dict[Code, str] = {
    "asked_again": "you asked to see it again today",
    "asked_of_you": "{who} waits for your answer",
    "blocks_on_you": "{who} is waiting for you",
    "mentioned": "{who} mentioned you and you have not replied",
    "my_promise_overdue": "it is yours, and the day has passed",
    "my_promise_today": "it is yours, and due today",
    "my_promise_soon": "it is yours, and due soon",
    "my_promise": "you promised it",
    "owed_to_you_overdue": "it was promised to you, and the day has passed",
    "owed_to_you_today": "it was promised to you for today",
    "owed_to_you": "it was promised to you",
    "kept_for_you": "it had been promised to you",
    "unanswered_yours": "you asked it, and nobody has answered",
    "your_blocker": "you cannot go on until it is cleared",
    "report_blocked": "{who} reports to you and cannot go on",
    "report_decided": "{who} reports to you",
    "report_late": "{who} reports to you, and the day has passed",
    "from_manager": "{who} is your manager",
    "from_report": "{who} reports to you",
    "from_further_report": "{who} works in your part of the organisation",
    "project": "it touches {detail}, one of your projects",
    "you_follow_person": "you follow {who}’s work",
    "you_follow_channel": "it is in a channel that you follow",
    "took_part": "you took part in the conversation",
    "your_channel": "it is in a channel you write in",
    "reach": "{detail} people took part",
    "replies": "it drew {detail} messages",
    "reactions": "it drew {detail} reactions",
    "proposal": "it is proposed and not settled",
    "unsettled": "it was proposed {detail} workdays ago, and nobody has settled it",
    "decision": "it was decided where you can read it",
    "blocker": "somebody cannot go on",
    "update": "it is news from a channel you can read",
    "question": "it is still unanswered",
    "meeting": "you meet today",
    "meeting_for_all": "it is in your calendar today",
    "meeting_asks": "the invitation asks for something before",
    "meeting_open": "something is open between those who meet",
    "your_meeting": "you called the meeting",
    "less_here": "you said “Not for me” to such things from this channel {detail}",
    "less_from": "you said “Not for me” to such things by {who} {detail}",
    "less_such": "you said “Not for me” to what was here for the same reason {detail}",
    "more_here": "you marked {detail} such things from this channel as done",
}
URGENT: frozenset[Code] = frozenset(
    {
        "asked_again",
        "asked_of_you",
        "blocks_on_you",
        "mentioned",
        "my_promise_overdue",
        "my_promise_today",
        "my_promise_soon",
        "my_promise",
        "owed_to_you_overdue",
        "owed_to_you_today",
        "unanswered_yours",
        "your_blocker",
        "report_blocked",
        "meeting",
    }
)
"""Only these can make an entry need the reader."""

STANDING: frozenset[Code] = frozenset(
    {
        "asked_of_you",
        "blocks_on_you",
        "my_promise_overdue",
        "my_promise_today",
        "owed_to_you_overdue",
        "owed_to_you_today",
        "unanswered_yours",
        "unsettled",
        "your_blocker",
    }
)
"""These tell of something though nothing happened to it: that nothing did is the news."""

CLOSE: frozenset[Code] = frozenset(
    {
        "blocks_on_you",
        "your_blocker",
        "report_blocked",
        "from_report",
        "from_manager",
        "from_further_report",
        "you_follow_person",
        "you_follow_channel",
        "project",
        "took_part",
        "your_channel",
    }
)
"""What makes somebody's trouble the reader's too."""

LEARNT: frozenset[Code] = frozenset({"less_here", "less_from", "less_such", "more_here"})
"""What a reader's feedback taught, see `lessons`."""
OF_THE_KIND: frozenset[Code] = frozenset({"decision", "proposal", "blocker", "update", "question", *LEARNT})
"""These hold for everything of a kind: a reader is told them only where nothing else speaks for it."""


SAYS_ITSELF: frozenset[Code] = OF_THE_KIND | frozenset(
    {
        "my_promise_overdue",
        "my_promise_today",
        "my_promise_soon",
        "my_promise",
        "owed_to_you_overdue",
        "owed_to_you_today",
        "owed_to_you",
        "kept_for_you",
        "unanswered_yours",
        "your_blocker",
        "mentioned",
        "asked_of_you",
        "blocks_on_you",
        "meeting",
        "meeting_for_all",
        "took_part",
        "your_channel",
        "reach",
        "replies",
        "reactions",
    }
)
"""What a reader sees from the sentence itself, or takes for granted: shown behind *Why?* only, but of the three."""


class Reason(Model):
    """One thing that speaks for an entry, and for how much."""

    code: Code
    weight: float
    person_id: PersonId | None = None
    detail: str = ""

    @property
    def wording(self) -> str:
        return self.named({})

    def named(self, names: Mapping[PersonId, str]) -> str:
        """The reason as a clause, with the person by name where the name is known."""
        who = names.get(self.person_id, "somebody") if self.person_id else "somebody"
        return WORDS[self.code].format(who=who, detail=self.detail)


def heaviest_first(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda r: (-r.weight, r.code, str(r.person_id), r.detail)))
