"""Pictures of the page: for the docs, where DAYBOOK_PICTURES names a folder, and small enough for a repository.

What no page of the docs shows is kept to be looked over, where DAYBOOK_SIGHTS names a folder.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from playwright.async_api import Page

FOLDER = os.environ.get("DAYBOOK_PICTURES")
SIGHTS = os.environ.get("DAYBOOK_SIGHTS")
CHANNEL, THREAD, HOME = "#main .messages", "#thread .messages", "#main .home"
"""What may be shown whole."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MISSING = """node => node.lastElementChild.getBoundingClientRect().bottom - node.getBoundingClientRect().top
    + node.scrollTop + 14 - node.clientHeight"""
"""By how much the page would have to be taller, or lower, to end where what stands last in it does."""
_SAMPLES = {2: 3, 6: 4}
"""Bytes of a pixel by colour type."""


async def keep(page: Page, name: str, *, whole: str = "") -> None:
    """The page as it is seen, for the docs; `whole`: as tall as all that stands in this part of it."""
    folder = FOLDER or SIGHTS
    if not folder:
        return
    if whole:
        now = page.viewport_size
        assert now is not None
        missing = await page.locator(whole).evaluate(_MISSING)
        await page.set_viewport_size({"width": now["width"], "height": now["height"] + int(missing)})
    await page.evaluate("document.activeElement.blur()")
    (Path(folder) / f"{name}.png").write_bytes(without_filters(await page.screenshot()))


async def look(page: Page, name: str) -> None:
    """The page as it is seen, to be looked over."""
    if SIGHTS:
        (Path(SIGHTS) / f"{name}.png").write_bytes(await page.screenshot())


def without_filters(png: bytes) -> bytes:
    """The same picture, a fifth smaller: letters that come again are found again only in rows as they are."""
    chunks = list(_chunks(png))
    width, _, depth, colours = struct.unpack(">IIBB", chunks[0][1][:10])
    assert depth == 8
    packed = b"".join(body for kind, body in chunks if kind == b"IDAT")
    rows = b"".join(b"\0" + row for row in _rows(zlib.decompress(packed), width * _SAMPLES[colours], _SAMPLES[colours]))
    kept = [chunks[0], (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in kept
    )


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        (long,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + long]
        at += long + 12


def _rows(raw: bytes, width: int, pixel: int) -> Iterator[bytes]:
    above = bytearray(width)
    for start in range(0, len(raw), width + 1):
        kind, row = raw[start], bytearray(raw[start + 1 : start + 1 + width])
        for x in range(width if kind else 0):
            left, over = (row[x - pixel], above[x - pixel]) if x >= pixel else (0, 0)
            row[x] = (row[x] + _guess(kind, left, above[x], over)) & 255
        yield bytes(row)
        above = row


def _guess(kind: int, left: int, up: int, over: int) -> int:
    """What a PNG's filter of this kind expects of a byte, from those beside, above, and above that beside."""
    if kind < 4:
        return (0, left, up, (left + up) // 2)[kind]
    meant = left + up - over
    return min((left, up, over), key=lambda each: abs(meant - each))
