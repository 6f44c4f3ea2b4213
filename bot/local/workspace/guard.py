"""Keeps other web pages out: the server is for this machine, and its doings for its own page and for programs."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
OPEN_TO_LINKS = ("/", "/static/", "/archives/")
"""What another page may link to: reading it does nothing."""


@web.middleware
async def guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuses names other than loopback's (DNS rebinding) and calls from pages of another origin."""
    if _hostname(request.host) not in LOOPBACK:
        return web.json_response({"error": "This server answers to 127.0.0.1 and localhost only."}, status=403)
    if _is_foreign(request):
        return web.json_response({"error": "This server does not take calls from other web pages."}, status=403)
    return await handler(request)


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _is_foreign(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return True
    linked = request.path == "/" or request.path.startswith(OPEN_TO_LINKS[1:])
    return request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site") and not linked
