"""The addresses an interaction hands out for answering it without a token."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from bot.local.workspace.refusals import Refusal

LIFE = timedelta(minutes=30)
USES = 5


@dataclass
class ResponseUrl:
    channel: str
    user: str
    ts: str | None
    until: datetime
    left: int = USES


class ResponseUrls:
    """Each good for five answers within thirty minutes."""

    def __init__(self) -> None:
        self._issued: dict[str, ResponseUrl] = {}

    def issue(self, now: datetime, *, channel: str, user: str, ts: str | None) -> str:
        word = uuid4().hex
        self._issued[word] = ResponseUrl(channel, user, ts, now + LIFE)
        return word

    def redeem(self, word: str, now: datetime) -> ResponseUrl:
        issued = self._issued.get(word)
        if issued is None or now > issued.until:
            raise Refusal("expired_url")
        if issued.left < 1:
            raise Refusal("used_url")
        issued.left -= 1
        return issued
