"""*Track this*: the form that makes a fact of a message, with what the message itself suggests."""

from datetime import date

from handlers.blocks import limits, mrkdwn
from handlers.blocks.limits import Block
from memory.models.base import Model
from memory.models.facts import FactKind
from memory.models.ids import MessageId

FORM = "fact_tracked"
KIND, STATEMENT, OWNER, DAY = "kind", "statement", "owner", "day"
"""The blocks of the form; each has one element of the same name."""
LONGEST = 300
KINDS: dict[FactKind, str] = {
    "commitment": "A promise",
    "decision": "A decision",
    "question": "A question",
    "blocker": "A blocker",
    "update": "An update",
}
_NOT_READ = "I do not read this, or it is not somebody’s words: invite me to its channel, then try again."


class Guess(Model):
    """What a message suggests: to be looked over by whoever wants it tracked."""

    message_id: MessageId
    kind: FactKind = "commitment"
    statement: str
    owner: str = ""
    """Their external id."""
    due: date | None = None


def form(guess: Guess | None) -> Block:
    """The form; None: there is nothing that could be tracked."""
    title = limits.plain("Track this", limits.VIEW_TITLE)
    if guess is None:
        close = limits.plain("Close", limits.VIEW_TITLE)
        return {"type": "modal", "title": title, "close": close, "blocks": [limits.section(_NOT_READ)]}
    options = {kind: {"text": limits.plain(label, limits.OPTION), "value": kind} for kind, label in KINDS.items()}
    kind = {"type": "static_select", "options": [*options.values()], "initial_option": options[guess.kind]}
    words = limits.clip(" ".join(mrkdwn.clean(guess.statement).split()), LONGEST)
    statement = {"type": "plain_text_input", "initial_value": words, "max_length": LONGEST}
    owner = {"type": "users_select"} | ({"initial_user": guess.owner} if guess.owner else {})
    day = {"type": "datepicker"} | ({"initial_date": guess.due.isoformat()} if guess.due else {})
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": str(guess.message_id),
        "title": title,
        "submit": limits.plain("Track it", limits.VIEW_TITLE),
        "close": limits.plain("Cancel", limits.VIEW_TITLE),
        "blocks": [
            _input(KIND, "What is it?", kind),
            _input(STATEMENT, "In a few words", statement),
            _input(OWNER, "Whose is it?", owner),
            _input(DAY, "Due, if it is a promise", day, optional=True),
            limits.context("Everybody who may read the message is told of it from now on, as your word."),
        ],
    }


def _input(name: str, label: str, element: Block, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": limits.plain(label, limits.LABEL),
        "element": element | {"action_id": name},
        "optional": optional,
    }
