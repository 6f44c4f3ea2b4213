"""*Why?*: the view that explains an item: what put it there, what is known of it and how, and the words it rests on."""

from collections.abc import Mapping, Sequence
from datetime import date

from graphs import days
from handlers.blocks import buttons, limits, mrkdwn
from handlers.blocks.briefing import answered
from handlers.blocks.limits import Block
from memory.models.base import Model
from memory.models.briefings import Item, Source
from memory.models.facts import EngineName, FactKind, FactStatus

_MOST_QUOTES, _MOST_FACTS, _MOST_REASONS = 10, 10, 12
_QUOTE, _REASON, _FACT = 1200, 220, 400
TITLE = "Why this?"
NOTHING = "Nothing that you may read at this moment."
_SURE, _FAIRLY_SURE = 2.0, 0.5
"""Log-odds from which something is called so: seven to one, five to three."""
_KINDS: dict[FactKind, str] = {
    "decision": "Decision",
    "commitment": "Promise",
    "question": "Question",
    "blocker": "Blocker",
    "update": "Update",
}
_READ: dict[EngineName, str] = {
    "rules": "Read by rules from the words below.",
    "model": "Read by a language model from the words below.",
    "person": "Said by a person, which outranks what is read.",
}


class Quote(Model):
    """A message that the reader may read at this moment, in the words of its author."""

    author: str
    text: str
    day: date
    source: Source


class Reason(Model):
    """What put the item where it stands, as a clause; `against`: it speaks against telling it."""

    text: str
    against: bool = False


class Known(Model):
    """A fact behind the item, as the reader may know it at this moment."""

    kind: FactKind
    status: FactStatus
    due: date | None = None
    text: str
    log_odds: float
    engine: EngineName


def view(
    item: Item,
    quotes: Sequence[Quote],
    team_url: str,
    *,
    reasons: Sequence[Reason] = (),
    known: Sequence[Known] = (),
    channels: Mapping[str, str] | None = None,
    today: date = date.min,
) -> Block:
    """The modal; `reasons` are all that ranked the item, heaviest first; without any, the one that it shows is told."""
    body = [_said(item), _reasons(reasons or [Reason(text=item.why)])]
    body += known_facts(known, today, item.text)
    body += resting_on(quotes, team_url, channels or {})
    if row := buttons.choices(item):
        body.append(limits.actions(row, f"act-{item.item_id}"))
    return {
        "type": "modal",
        "callback_id": "item_why",
        "private_metadata": str(item.item_id),
        "title": limits.plain(TITLE, limits.VIEW_TITLE),
        "close": limits.plain("Close", limits.VIEW_TITLE),
        "blocks": body,
    }


def known_facts(known: Sequence[Known], today: date, above: str = "") -> list[Block]:
    """The facts behind it, and how each was read; `above`: a sentence that stands there already."""
    if not known:
        return []
    return _titled("What I know", [_known(each, above, today) for each in known[:_MOST_FACTS]])


def resting_on(quotes: Sequence[Quote], team_url: str, channels: Mapping[str, str]) -> list[Block]:
    """The words that it rests on, as far as the reader may read them."""
    more = len(quotes) - _MOST_QUOTES
    shown = [_quote(each, team_url, channels) for each in quotes[:_MOST_QUOTES]]
    body = _titled("What it rests on", shown or [NOTHING])
    return [*body, *([limits.context(f"…and {days.counted(more)} more.")] if more > 0 else [])]


def _titled(title: str, texts: Sequence[str]) -> list[Block]:
    """A block each, the title above the first: on its own it would stand as far from it as from what is before."""
    first, *rest = texts
    return [limits.section(text) for text in (f"{mrkdwn.bold(title)}\n{first}", *rest)]


def _said(item: Item) -> Block:
    text = limits.clip(mrkdwn.line(item.text), 2500)
    notes = [] if item.done else [note for note in (answered(item), item.correction) if note]
    said = mrkdwn.struck(text) if item.done or item.taken_back else text
    return limits.section(" · ".join([said, *(mrkdwn.bold(mrkdwn.line(note)) for note in notes)]))


def _reasons(reasons: Sequence[Reason]) -> Block:
    told: dict[str, bool] = {}
    for each in reasons:
        clause = limits.clip(mrkdwn.line(each.text).rstrip("."), _REASON) if each.text.strip() else ""
        if clause:
            told.setdefault(f"{clause[0].upper()}{clause[1:]}", each.against)
    lines = [f"• {clause}{' – so it counts for less' if less else ''}" for clause, less in told.items()]
    return limits.section("\n".join(["*Why it is here for you*", *lines[:_MOST_REASONS]]))


def _known(fact: Known, above: str, today: date) -> str:
    """How it stands, how it was read, and the sentence, unless that stands above already."""
    due = [f"due {days.spoken(fact.due, today)}"] if fact.due else []
    standing = mrkdwn.italic(" · ".join([_KINDS[fact.kind], fact.status, *due, _confidence(fact)]))
    said = [] if fact.text == above else [limits.clip(mrkdwn.line(fact.text), _FACT)]
    return "\n".join([standing, *said, _READ[fact.engine]])


def _confidence(fact: Known) -> str:
    if fact.engine == "person" or fact.log_odds >= _SURE:
        return "sure"
    return "fairly sure" if fact.log_odds >= _FAIRLY_SURE else "unsure"


def _quote(quote: Quote, team_url: str, channels: Mapping[str, str]) -> str:
    label = f"{mrkdwn.place(quote.source, channels)} · {days.calendar_day(quote.day, quote.day)}"
    where = mrkdwn.link(mrkdwn.permalink(team_url, quote.source), label)
    lines = limits.clip(mrkdwn.escape(quote.text), _QUOTE).splitlines() or [""]
    said = "\n".join(f"> {line}" for line in lines[:12])
    author = limits.clip(mrkdwn.line(quote.author), 100)
    return f"{mrkdwn.bold(author)} in {where}\n{said}"
