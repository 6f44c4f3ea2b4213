"""What people wrote, made harmless in Slack's mrkdwn; and links, made only from our own ids."""

import re
from collections import Counter
from collections.abc import Mapping
from urllib.parse import quote

from memory.models.briefings import Source

# Control characters, lone surrogates (which no encoder takes) and what turns the direction of the text around it.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_BROADCAST = re.compile(r"[@＠](?=(?:here|channel|everyone|group)\b)", re.IGNORECASE)
_MARKDOWN_LINK = re.compile(r"\](?=\()")
_PULL_REQUEST = re.compile(r"([\w.-]{1,100}/[\w.-]{1,100})#(\d{1,9})", re.ASCII)
_JOINER = "\u2060"  # a word joiner: invisible, and no pattern matches across it


def clean(text: str) -> str:
    """Without what cannot be shown or sent."""
    return _UNPRINTABLE.sub("", text)


def escape(text: str) -> str:
    """The text as mrkdwn that shows it literally: no mention, no broadcast, no link comes of it."""
    words = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN_LINK.sub(f"]{_JOINER}", _BROADCAST.sub(f"@{_JOINER}", words))


def line(text: str) -> str:
    """Escaped, on one line: formatting around it then holds from its first to its last character."""
    return " ".join(escape(text).split())


def bold(text: str) -> str:
    return _wrapped("*", "∗", text)


def italic(text: str) -> str:
    return _wrapped("_", "_" + _JOINER, text)


def struck(text: str) -> str:
    return _wrapped("~", "∼", text)


def _wrapped(mark: str, stand_in: str, text: str) -> str:
    """`text` is escaped; a mark of the same kind within it would end the formatting early."""
    words = " ".join(text.split())
    return f"{mark}{words.replace(mark, stand_in)}{mark}" if words else ""


def permalink(team_url: str, source: Source) -> str:
    """Where a message stands, a reply in its thread; empty for what has no address of its own, as an invitation."""
    if source.source != "slack":
        return _elsewhere(source)
    link = address(team_url, source.channel, source.ts)
    if source.thread_ts and source.thread_ts != source.ts:
        link += f"?thread_ts={quote(source.thread_ts, safe='.')}&cid={quote(source.channel, safe='')}"
    return link


def address(team_url: str, channel: str, ts: str) -> str:
    """Where something was posted in Slack."""
    return f"{team_url}archives/{quote(channel, safe='')}/p{quote(ts.replace('.', ''), safe='')}"


def _elsewhere(source: Source) -> str:
    """A pull request's page, made from its name: `owner/repository#12`."""
    found = _PULL_REQUEST.fullmatch(source.channel) if source.source == "github" else None
    return f"https://github.com/{found[1]}/pull/{found[2]}" if found else ""


def link(url: str, label: str) -> str:
    """A mrkdwn link to one of our own addresses; without one the bare label."""
    if not url:
        return line(label)
    target = url.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    return f"<{target}|{line(label).replace('|', '¦') or 'source'}>"


def source_links(sources: tuple[Source, ...], team_url: str, channels: Mapping[str, str]) -> str:
    """`#channel  2  #other`, each a link to its message: a place is named once, and its further messages numbered."""
    shown: list[str] = []
    before: Counter[str] = Counter()
    for source in sorted(sources, key=lambda each: [one.channel for one in sources].index(each.channel)):
        before[source.channel] += 1
        label = place(source, channels) if before[source.channel] == 1 else str(before[source.channel])
        shown.append(link(permalink(team_url, source), label))
    return "  ".join(shown)


def place(source: Source, channels: Mapping[str, str]) -> str:
    if source.source != "slack":
        return line(source.channel.rpartition("/")[2])[:80] if source.source == "github" else source.source
    name = channels.get(source.channel, "")
    return f"#{name[:80]}" if name else "source"
