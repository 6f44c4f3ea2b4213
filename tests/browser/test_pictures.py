"""Pictures that are kept are those that were taken."""

import base64

from tests.browser.pictures import without_filters
from tests.browser.team import Open

_PIXELS = """async ([a, b]) => {
    const drawn = async (address) => {
        const image = new Image();
        image.src = address;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
        canvas.drawImage(image, 0, 0);
        return [image.width, image.height, ...canvas.getImageData(0, 0, image.width, image.height).data].join();
    };
    return [await drawn(a), await drawn(b)];
}"""


async def test_a_picture_without_filters_shows_the_same(open_page: Open) -> None:
    """Every pixel of it, to a browser's eyes; and it takes less room."""
    page = await open_page(size={"width": 480, "height": 360})
    taken = await page.screenshot()
    kept = without_filters(taken)
    addresses = [f"data:image/png;base64,{base64.b64encode(each).decode()}" for each in (taken, kept)]
    await page.goto("about:blank")
    one, other = await page.evaluate(_PIXELS, addresses)
    assert one == other
    assert len(kept) < len(taken)
