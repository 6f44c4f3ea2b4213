"""*Why?* of an answer: what was understood, what is known of it and how, and the words that it rests on."""

from collections.abc import Mapping, Sequence
from datetime import date

from handlers.blocks import buttons, limits, mrkdwn, rating, why
from handlers.blocks.answer import parts
from handlers.blocks.limits import Block
from handlers.blocks.why import Known, Quote
from memory.models.briefings import Answer

_SAID = 2500
UNDERSTOOD_NO_MORE = "How I understood the question is not kept any more."


def view(
    answer: Answer,
    understood: str,
    quotes: Sequence[Quote],
    team_url: str,
    *,
    known: Sequence[Known] = (),
    channels: Mapping[str, str] | None = None,
    today: date = date.min,
) -> Block:
    """The modal; *That is wrong* stands in it where a fact is known that can be."""
    words = "\n".join(mrkdwn.line(each) for each in answer.text.splitlines())
    body = [
        *(limits.section(part) for part in parts(limits.clip(words, _SAID))),
        limits.section(f"{mrkdwn.bold('What I understood')}\n{mrkdwn.line(understood or UNDERSTOOD_NO_MORE)}"),
        *why.known_facts(known, today, answer.text),
    ]
    if answer.sources:
        body += why.resting_on(quotes, team_url, channels or {})
        body.append(limits.context(f"The answer was put together by {answer.engine}."))
    if known:
        wrong = limits.button(buttons.WRONG, rating.WRONG, str(answer.answer_id))
        body.append(limits.actions([wrong], f"wrong-{answer.answer_id}"))
    return {
        "type": "modal",
        "callback_id": "answer_why",
        "private_metadata": str(answer.answer_id),
        "title": limits.plain(why.TITLE, limits.VIEW_TITLE),
        "close": limits.plain("Close", limits.VIEW_TITLE),
        "blocks": body,
    }
