"""From Slack's mrkdwn to plain words. Every pattern here is linear: messages reach 40,000 characters."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from memory.models.ids import PersonId, TeamId, person_id

MENTION = re.compile(r"<@([A-Za-z0-9][\w.\-]{0,80})(?:\|([^<>|]{0,80}))?>")
_ANGLE = re.compile(r"<([@#!]?)([^<>\n]{1,2000})>")
_BARE_LINK = re.compile(r"\bhttps?://[^\s<>|]{1,2000}")
_EMOJI = re.compile(r"(?<!\w):([a-z+\-][\w+\-']{0,60}):(?!\w)", re.IGNORECASE)
_MARKED = re.compile(r"(?<![\w*_~])([*_~])(?=[^\s*_~])([^*_~\n]{1,300})(?<=\S)\1(?![\w*_~])")
_INLINE_CODE = re.compile(r"`([^`\n]{1,300})`")
# Postgres stores no NUL, and UTF-8 no lone surrogate: neither survives into what we write.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_WORDS_ALONE = re.compile(r"[A-Za-z0-9 ,.;!?'’\"()%/+=–—-]*")
"""Nothing that is markup, a mention, a link, an emoji or not to be printed."""
_CODE_SHOWN = 40


def readable(text: str, names: Mapping[PersonId, str], team: TeamId, source: str = "slack") -> str:
    """The words of a message on one line: mentions by name, links by label or host, no markup, no emoji."""

    def named(match: re.Match[str]) -> str:
        return names.get(person_id(team, source, match[1])) or match[2] or "someone"

    return plain(text, named)


def plain(text: str, named: Callable[[re.Match[str]], str]) -> str:
    """As `readable`, with each mention worded by `named`."""
    if _WORDS_ALONE.fullmatch(text):
        return " ".join(text.split())
    words = _UNPRINTABLE.sub("", text)
    if "```" in words:
        words = " ".join(words.split("```")[::2])
    words = "\n".join(line for line in words.splitlines() if not is_quote(line))
    if "<" in words:
        words = _ANGLE.sub(_angle, MENTION.sub(named, words))
    words = _BARE_LINK.sub(lambda match: _host(match[0]), words)
    if "`" in words:
        words = _INLINE_CODE.sub(lambda match: clause(match[1].strip(), _CODE_SHOWN), words)
    words = _MARKED.sub(r"\2", words)
    without_emoji = _EMOJI.sub(" ", words)
    if not without_emoji.strip():
        without_emoji = _EMOJI.sub(lambda match: match[1].replace("_", " ") + " ", words)
    return _SPACE.sub(" ", _entities(without_emoji)).strip()


def clause(text: str, limit: int) -> str:
    """At most `limit` characters of the text, cut between words and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: max(limit - 1, 0)]
    space = cut.rfind(" ")
    if space > limit // 2:
        cut = cut[:space]
    return cut.rstrip(" ,;:-\u2013\u2014") + "…"


def is_quote(line: str) -> bool:
    """Whether a line repeats somebody else's words."""
    return line.lstrip().startswith((">", "&gt;"))


def _angle(match: re.Match[str]) -> str:
    sign, body = match[1], match[2]
    target, _, label = body.partition("|")
    if sign == "#":
        return "#" + label if label else "a channel"
    if sign == "!":
        return label or ("@" + target if target in {"here", "channel", "everyone"} else "")
    if sign == "@":
        return label or "someone"
    if target.startswith(("http://", "https://")):
        return label or _host(target)
    if target.startswith(("mailto:", "tel:")):
        return label or target.partition(":")[2]
    return body


def _host(link: str) -> str:
    try:
        return (urlsplit(link).hostname or "a link").removeprefix("www.")
    except ValueError:  # a bracket that only looks like an IPv6 address
        return "a link"


def _entities(text: str) -> str:
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
