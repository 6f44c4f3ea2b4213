"""An offer that was taken up is taken out of its channel: at once, besides the stored delivery of the press.

What one person alone sees in a channel can be changed through the address that comes with their press, and in no other
way. Whoever knows that address can write there as Daybook: it is used here, and neither stored nor logged.
"""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.blocks import offer

log = logging.getLogger(__name__)
_SLACKS = ("slack.com", "slack-gov.com")
_PATIENCE = aiohttp.ClientTimeout(total=10)


def is_asked(body: Mapping[str, Any]) -> bool:
    """Whether an offer was taken up, in a line that its reader alone sees."""
    actions, where = body.get("actions"), body.get("container")
    pressed = [each for each in actions if isinstance(each, Mapping)] if isinstance(actions, list) else []
    alone = isinstance(where, Mapping) and bool(where.get("is_ephemeral"))
    return alone and any(each.get("action_id") == offer.TAKE for each in pressed)


async def withdraw(body: Mapping[str, Any], client: AsyncWebClient) -> None:
    """Takes away the line in which was pressed. Where that fails it stays, and leads to the same talk once more."""
    address = body.get("response_url")
    if not isinstance(address, str) or not _is_slacks(address, client.base_url):
        log.warning("offer_not_withdrawn", extra={"reason": "no_address"})
        return
    wanted = {"delete_original": True}
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE) as session,
            session.post(address, json=wanted, proxy=client.proxy, allow_redirects=False) as answer,
        ):
            reason = "" if answer.ok else str(answer.status)
    except (aiohttp.ClientError, OSError, ValueError) as error:
        reason = type(error).__name__  # its words may hold the address
    if reason:
        log.warning("offer_not_withdrawn", extra={"reason": reason})


def _is_slacks(address: str, api: str) -> bool:
    """Whether it leads to Slack: to where its API is, or to a host of its own."""
    try:
        asked, known = urlsplit(address), urlsplit(api)
        host = asked.hostname or ""
    except ValueError:
        return False
    of_slack = any(host == each or host.endswith(f".{each}") for each in _SLACKS)
    return (asked.scheme, asked.netloc) == (known.scheme, known.netloc) or (asked.scheme == "https" and of_slack)
