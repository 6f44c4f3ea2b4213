"""Facts as somebody reads them at a terminal, and as programs do. Pure: what is shown was read before."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from graphs.wording import readable
from handlers.blocks.mrkdwn import clean, permalink
from memory.folding import folded
from memory.history import Told
from memory.models.briefings import Source
from memory.models.containers import Container
from memory.models.facts import Evidence, Fact, Version
from memory.models.ids import ContainerId, FactId, MessageId, PersonId, TeamId
from memory.models.links import Link
from memory.models.messages import Message

WIDTH = 160
_TOLD = {
    "FactConfirmed": "borne out",
    "FactChanged": "changed",
    "FactCorrected": "corrected",
    "FactRetired": "taken back: nothing bears it out any more",
    "FactDismissed": "dismissed: no fact",
    "CorrectionUndone": "correction undone",
}
_RELATIONS = {
    "same": ("the same as", "the same as"),
    "contradicts": ("contradicted by", "contradicted by"),
    "resolves": ("settles", "settled by"),
    "reverses": ("reverses", "reversed by"),
}


@dataclass(frozen=True)
class Page:
    """Facts with all that is shown beside them, as far as whoever looks may read it."""

    facts: tuple[Fact, ...]
    names: Mapping[PersonId, str]
    places: Mapping[ContainerId, Container]
    urls: Mapping[TeamId, str]
    messages: Mapping[MessageId, Message]
    links: Mapping[FactId, list[Link]]
    tz: ZoneInfo

    def name(self, person: PersonId | None) -> str:
        return plain(self.names.get(person, "somebody")) if person else ""

    def place(self, container: ContainerId) -> str:
        found = self.places.get(container)
        return "#" + plain(found.name or found.external_id) if found else ""

    def time(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.tz):%Y-%m-%d %H:%M}"

    def address(self, message: Message) -> str:
        place = self.places.get(message.container_id)
        if place is None:
            return ""
        return permalink(self.urls[message.team_id], Source.of(message, place))

    def quote(self, span: Evidence) -> dict[str, str] | None:
        """The words of a span with author, time, place and link."""
        message = self.messages.get(span.message_id)
        if message is None:
            return None
        words = readable(message.text[span.start : span.end], self.names, message.team_id)
        return {
            "role": span.role,
            "author": self.name(message.author_id),
            "at": self.time(message.posted_at),
            "channel": self.place(message.container_id),
            "words": plain(words),
            "link": self.address(message),
        }


def plain(text: str) -> str:
    """On one line, without what a terminal would obey."""
    return " ".join(clean(text).split())


def sure(log_odds: float) -> int:
    """Per cent."""
    return round(100 / (1 + math.exp(-log_odds)))


def table(page: Page) -> str:
    """Newest first, one a line."""
    if not page.facts:
        return "Nothing is known of that."
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "since", "kind", "status", "who", "what", "due", "where", "sure"):
        shown.add_column(heading, overflow="fold", no_wrap=heading in {"id", "since", "kind", "due"})
    for fact in page.facts:
        cells = (
            _short(fact.fact_id),
            page.time(fact.valid_from),
            fact.kind,
            fact.status + (" (disputed)" if _disputed(page, fact) else ""),
            page.name(fact.actor_id),
            plain(fact.statement),
            str(fact.due or ""),
            page.place(fact.container_id),
            f"{sure(fact.log_odds)} %",
        )
        shown.add_row(*(Text(cell) for cell in cells))
    written = StringIO()
    Console(file=written, width=WIDTH, highlight=False, color_system=None).print(shown)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines())


def listed_as_json(page: Page) -> str:
    return _json([_told(page, fact) for fact in page.facts])


def history_page(page: Page, told: Told) -> str:
    """Each version, by which words, what a person said, and what other places say."""
    latest = told.versions[-1].fact
    who = page.name(latest.actor_id) + (f" to {page.name(latest.counterparty_id)}" if latest.counterparty_id else "")
    lines = [
        f"{latest.fact_id}  {latest.kind}, {page.place(latest.container_id)}{', ' + who if who else ''}",
        f"  {plain(latest.statement)}",
        f"  {_now_line(page, told)}",
        "",
        "History",
    ]
    for version in told.versions:
        lines.append(f"  {version.ordinal}. {_version_line(page, version)}")
        if version.words is not None:
            lines.append(f"     “{plain(version.words)}”")
    lines += ["", "Words it rests on"]
    for span in latest.evidence:
        if quote := page.quote(span):
            lines.append(f"  {_quote_line(quote)}")
    linked = list(_linked(page, latest))
    if linked:
        lines += ["", "Links"]
    for how, quotes in linked:
        lines.append(f"  {how}")
        lines += [f"    {_quote_line(quote)}" for quote in quotes]
    return "\n".join(lines)


def history_as_json(page: Page, told: Told) -> str:
    latest = told.versions[-1].fact
    return _json(
        {
            **_told(page, latest),
            "versions": [
                {
                    "ordinal": version.ordinal,
                    "event": version.event,
                    "recorded_at": version.recorded_at.isoformat(),
                    "superseded_at": version.superseded_at.isoformat() if version.superseded_at else None,
                    "retired": version.retired,
                    "engine": version.fact.engine,
                    "version": version.fact.engine_version,
                    "by": page.name(version.by_id) or None,
                    "words": version.words,
                    "status": version.fact.status,
                    "due": version.fact.due.isoformat() if version.fact.due else None,
                    "statement": version.fact.statement,
                    "so_since": _so_since(page, version.fact).isoformat(),
                    "evidence": [quote for span in version.fact.evidence if (quote := page.quote(span))],
                }
                for version in told.versions
            ],
            "links": [{"relation": how, "evidence": quotes} for how, quotes in _linked(page, latest)],
        }
    )


def _now_line(page: Page, told: Told) -> str:
    """How it stands with what other places say, as far as whoever looks may read them."""
    if told.versions[-1].retired:
        return "No fact any more."
    now = folded(told.versions[-1].fact, page.links.get(told.versions[-1].fact.fact_id, ()))
    disputed = ", disputed" if _disputed(page, now) else ""
    return f"Now {now.status} since {page.time(_so_since(page, now))}, {sure(now.log_odds)} % sure{disputed}."


def _version_line(page: Page, version: Version) -> str:
    fact = version.fact
    engine = page.name(version.by_id) or f"{fact.engine} {fact.engine_version}".strip()
    what = _TOLD.get(version.event, fact.status)
    due = f", due {fact.due}" if fact.due else ""
    so = "" if version.retired else f" – {fact.status}{due}, {sure(fact.log_odds)} % sure, so since "
    since = "" if version.retired else page.time(_so_since(page, fact))
    return f"{page.time(version.recorded_at)} {what} by {engine}{so}{since}"


def _so_since(page: Page, fact: Fact) -> datetime:
    """When it became so in the world: its end, the newest words that settled or changed it, or its beginning."""
    if fact.valid_to is not None:
        return fact.valid_to
    moved = [
        page.messages[span.message_id].posted_at
        for span in fact.evidence
        if span.role != "states" and span.message_id in page.messages
    ]
    return max([fact.valid_from, *moved])


def _linked(page: Page, fact: Fact) -> Iterable[tuple[str, list[dict[str, str]]]]:
    for link in page.links.get(fact.fact_id, ()):
        ahead = link.from_fact == fact.fact_id
        spans = link.to_evidence if ahead else link.from_evidence
        yield _RELATIONS[link.relation][not ahead], [quote for span in spans if (quote := page.quote(span))]


def _disputed(page: Page, fact: Fact) -> bool:
    return any(link.relation == "contradicts" for link in page.links.get(fact.fact_id, ()))


def _quote_line(quote: Mapping[str, str]) -> str:
    return f"{quote['role']}: {quote['author']}, {quote['at']}, {quote['channel']}: “{quote['words']}” {quote['link']}"


def _told(page: Page, fact: Fact) -> dict[str, object]:
    return {
        "id": str(fact.fact_id),
        "kind": fact.kind,
        "status": fact.status,
        "actor": page.name(fact.actor_id) or None,
        "counterparty": page.name(fact.counterparty_id) or None,
        "statement": fact.statement,
        "due": fact.due.isoformat() if fact.due else None,
        "channel": page.place(fact.container_id),
        "since": fact.valid_from.isoformat(),
        "until": fact.valid_to.isoformat() if fact.valid_to else None,
        "log_odds": fact.log_odds,
        "engine": fact.engine,
        "disputed": _disputed(page, fact),
        "evidence": [quote for span in fact.evidence if (quote := page.quote(span))],
    }


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2)


def _short(name: FactId) -> str:
    return str(name)[:8]
