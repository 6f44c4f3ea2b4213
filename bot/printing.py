"""A briefing outside Slack: for a terminal, and for programs."""

import json

from handlers.blocks.briefing import TITLES, coverage_text
from handlers.blocks.mrkdwn import permalink, place
from memory.models.briefings import Briefing
from memory.models.people import Person


def as_json(briefing: Briefing, person: Person, url: str) -> str:
    """A briefing as programs read it."""
    items = [
        {
            "section": item.section,
            "text": item.text,
            "why": item.why,
            "sources": [
                {"channel": source.channel, "ts": source.ts, "permalink": permalink(url, source)}
                for source in item.sources
            ],
        }
        for item in briefing.items
    ]
    told = {
        "user": person.external_id,
        "date": briefing.local_date.isoformat(),
        "at": briefing.composed_at.isoformat(),
        "engine": briefing.engine,
        "coverage": briefing.coverage.model_dump(mode="json"),
        "items": items,
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def as_text(briefing: Briefing, person: Person, url: str) -> str:
    """A briefing as somebody reads it in a terminal."""
    lines = [f"{person.name}, {briefing.local_date:%A} {briefing.local_date.isoformat()}: {briefing.headline}"]
    section = None
    for item in briefing.items:
        if item.section != section:
            section = item.section
            lines += ["", TITLES[section]]
        lines.append(f"- {item.text}")
        lines += [f"  {item.why}"] if item.why else []
        lines += [f"  {permalink(url, source) or place(source, {})}" for source in item.sources]
    lines += ["", f"{coverage_text(briefing.coverage, person.tz)} · made by {briefing.engine}"]
    return "\n".join(lines)
