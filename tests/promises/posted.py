"""What Daybook showed to people, by the calls that it made, and what in it is live or an address.

It knows nothing of how Daybook makes texts harmless: it reads them as Slack does, and as a person in a hurry would.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Payload = dict[str, Any]
WRITING = frozenset({"chat.postMessage", "chat.update", "views.open", "views.publish"})
READING = frozenset(
    "auth.test apps.connections.open users.list users.info users.conversations conversations.list conversations.info"
    " conversations.history conversations.replies conversations.members conversations.open team.info".split()
)
PREPARING = frozenset({"conversations.create", "conversations.invite"})
"""For the reader's own channel."""
SIGNALLING = frozenset(
    {
        "assistant.threads.setStatus",
        "assistant.threads.setTitle",
        "assistant.threads.setSuggestedPrompts",
        "reactions.add",
        "reactions.remove",
    }
)
"""That something is being worked on, and what may be asked: in words of Daybook's own alone, but for a title, which is
what somebody asked in their own direct message."""
BLOCKS = frozenset({"header", "section", "context", "actions", "divider"})

_ENTITY = re.compile(r"<([^<>]*)>")
_PERMALINK = re.compile(r"(http://127\.0\.0\.1:\d+/archives/(\w+)/p(\d+))(?:\?thread_ts=[\d.]+&amp;cid=\w+)?")
_AUTOMATIC = re.compile(r"@(?:here|channel|everyone)\b|\]\(|<[@#!]", re.IGNORECASE)
_DOTS = re.compile("[\u3002\uff0e\uff61\u2024\u00b7\u2027]")
_SPOKEN = re.compile(r"\s*[\[({]\s*(?:\.|dot)\s*[\])}]\s*|\s+(?:dot|\.)\s+", re.IGNORECASE)
_ADDRESS = re.compile(
    r"\S*\w://\S*|\bwww\.\S+|\b(?:mailto|tel|javascript|data|slack|hxxps?):\S+|\S+@\w[\w.-]+"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b\S*|\b\w[\w-]*(?:\.[\w-]+)*\.[^\W\d_]{2,}\b\S*",
    re.IGNORECASE,
)
_OF_OURS = re.compile(r"\b[\w-]+\.(?:py|md|sql|json|ya?ml)\b")


@dataclass(frozen=True)
class Post:
    """One call that put something before somebody's eyes. `told` is each text in it with the sources beside it."""

    method: str
    arguments: Payload

    @property
    def place(self) -> str:
        return str(self.arguments.get("channel") or self.arguments.get("user_id") or self.arguments.get("trigger_id"))

    @property
    def blocks(self) -> list[Payload]:
        view = self.arguments.get("view") or {}
        found: list[Payload] = self.arguments.get("blocks") or view.get("blocks") or []
        return found

    @property
    def fallback(self) -> str:
        return str(self.arguments.get("text", ""))

    @property
    def is_briefing(self) -> bool:
        return any(block["type"] == "header" for block in self.blocks)

    @property
    def everything(self) -> str:
        return "\n".join([self.fallback, *map(str, _strings(self.blocks)), *map(str, _strings(self.arguments))])

    def sources(self) -> set[tuple[str, str]]:
        """The messages that it links to: (channel, ts)."""
        return {_source(match) for text in _strings(self.blocks) for match in _PERMALINK.finditer(text)}

    def lines(self) -> Iterator[str]:
        """Every line of it as people read it, links left out."""
        for text in (self.fallback, *(each["text"] for each in texts_in(self.blocks))):
            for line in _ENTITY.sub(" ", text).splitlines():
                if said := as_read(line):
                    yield said

    def live(self) -> list[str]:
        """What in it can be pressed, notifies, or could be made to by Slack, and is no permalink of ours."""
        found = [text for text in _ENTITY.findall(self.fallback) if text]
        found += [match[0] for match in _AUTOMATIC.finditer(self.fallback)]
        if self.method.startswith("chat."):
            # Else Slack makes links of addresses in the text.
            found += [] if self.arguments.get("parse") == "none" else [f"{self.method} parses"]
            found += ["links names"] if self.arguments.get("link_names") else []
        if self.method == "chat.postMessage":
            shown = [self.arguments.get(name) for name in ("unfurl_links", "unfurl_media")]
            found += [] if all(each in {False, "false", "0"} for each in shown) else ["unfurls"]
        for block in self.blocks:
            found += [] if block["type"] in BLOCKS else [f"a block {block['type']}"]
        for text in texts_in(self.blocks):
            if text["type"] == "plain_text":
                continue
            found += [] if text.get("verbatim") is True else ["not verbatim"]
            found += [each for each in _ENTITY.findall(text["text"]) if not _is_permalink(each)]
            found += [match[0] for match in _AUTOMATIC.finditer(text["text"])]
        return found + [f"a {name}" for name in _keys(self.blocks) if "url" in name or name == "elements_rich"]


def posts(calls: Iterable[Payload]) -> list[Post]:
    return [Post(each["method"], each["arguments"]) for each in calls if each["ok"] and each["method"] in WRITING]


def as_read(text: str) -> str:
    """The words on one line as a person sees them: no entities, nothing invisible."""
    shown = "".join(sign for sign in html.unescape(text) if unicodedata.category(sign) != "Cf")
    return " ".join(shown.split())


def addresses(text: str) -> set[str]:
    """What in a text somebody could take to a browser, a mailbox or a telephone, disguises taken off."""
    plain = unicodedata.normalize("NFKC", _DOTS.sub(".", as_read(text).replace(" \u00b7 ", " | ")))
    found = set()
    for each in (plain, _SPOKEN.sub(".", plain)):
        found |= {match[0].strip(".,;:!?()[]“”\"'~*_").lower() for match in _ADDRESS.finditer(_OF_OURS.sub(" ", each))}
    return {each for each in found if each}


def texts_in(value: Any) -> Iterator[Payload]:
    """Every text object, wherever it stands."""
    if isinstance(value, dict):
        if value.get("type") in {"mrkdwn", "plain_text"}:
            yield value
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _keys(each)


def _is_permalink(entity: str) -> bool:
    target, _, label = entity.partition("|")
    known = re.fullmatch(r"(?:#[\w-]+|source)(?: · [\w ]+)?|\d+|Open it", label)
    return bool(_PERMALINK.fullmatch(target)) and known is not None


def _source(match: re.Match[str]) -> tuple[str, str]:
    return match[2], f"{match[3][:-6]}.{match[3][-6:]}"
