"""Whether an answer helped: the two thumbs below it, and what is asked of who turned one down."""

from handlers.blocks import buttons, limits
from handlers.blocks.limits import Block
from memory.models.ids import AnswerId

RATE, WHY, WRONG = "answer_rated", "answer_why", "answer_wrong"
UP, DOWN = "up", "down"
UNHELPFUL = "Sorry that this did not help. I can show what I understood, and what it rests on."
_LONGEST_LABEL = 75


def thumbs(answer: AnswerId) -> Block:
    """Slack's own buttons for it: it shows who pressed which one."""
    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": RATE,
                "positive_button": _thumb("👍", UP, answer, "This answer helped"),
                "negative_button": _thumb("👎", DOWN, answer, "This answer did not help: show why"),
            }
        ],
    }


def unhelpful(answer: AnswerId) -> list[Block]:
    """For a thumb that was put at the answer as a reaction: a view needs a press to open."""
    shown = limits.button(buttons.WHY, WHY, str(answer))
    return [limits.section(UNHELPFUL), limits.actions([shown], f"unhelpful-{answer}")]


def _thumb(sign: str, verdict: str, answer: AnswerId, label: str) -> Block:
    text = limits.plain(sign, limits.BUTTON_LABEL)
    return {"text": text, "value": f"{verdict}:{answer}", "accessibility_label": limits.clip(label, _LONGEST_LABEL)}
