"""Turns what a person types into Slack's own markup, as Slack's composer does."""

import re

from bot.local.workspace.state import State

KEPT = re.compile(r"(```.*?```|`[^`\n]+`|<(?:[@#!]|https?://|mailto:)[^<>\n]+>)", re.DOTALL)
"""Code, in which nothing is linked, and markup that is there already."""
AMPERSAND = re.compile(r"&(?!amp;|lt;|gt;)")
LINK = re.compile(r"https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"]")
PERSON = re.compile(r"(?<![\w@/])@([\w-]+(?:\.[\w-]+)*)")
ROOM = re.compile(r"(?<![\w#/&])#([\w-]+)")
ALL = ("here", "channel", "everyone")


def markup(text: str, state: State) -> str:
    """`@name`, `#channel` and addresses become links, `&`, `<` and `>` are escaped; markup stays as it is."""
    parts = KEPT.split(text)
    return "".join(_kept(part) if place % 2 else _linked(part, state) for place, part in enumerate(parts))


def _kept(part: str) -> str:
    return _escaped(part) if part.startswith("`") else part


def _escaped(part: str) -> str:
    return AMPERSAND.sub("&amp;", part).replace("<", "&lt;").replace(">", "&gt;")


def _linked(part: str, state: State) -> str:
    pieces = re.split(f"({LINK.pattern})", _escaped(part))
    return "".join(f"<{piece}>" if place % 2 else _named(piece, state) for place, piece in enumerate(pieces))


def _named(piece: str, state: State) -> str:
    people = {user.name.lower(): user.id for user in state.users.values()}

    def person(match: re.Match[str]) -> str:
        name = match[1].lower()
        if name in ALL:
            return f"<!{name}>"
        return f"<@{people[name]}>" if name in people else match[0]

    def room(match: re.Match[str]) -> str:
        channel = state.named(match[1])
        return f"<#{channel.id}|{channel.name}>" if channel else match[0]

    return ROOM.sub(room, PERSON.sub(person, piece))
