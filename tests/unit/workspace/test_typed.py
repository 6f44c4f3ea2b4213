"""What a person types becomes Slack's markup."""

import pytest

from bot.local.workspace.clock import Clock
from bot.local.workspace.manifest import Manifest
from bot.local.workspace.seed import Seed, build_state
from bot.local.workspace.state import State
from bot.local.workspace.typed import markup

TEAM = {
    "users": [{"id": "U1", "name": "ana", "real_name": "Ana"}],
    "channels": [{"id": "C1", "name": "general"}],
}


@pytest.fixture
def state() -> State:
    return build_state(Seed.model_validate(TEAM), Manifest.read({"display_information": {"name": "Daybook"}}), Clock())


@pytest.mark.parametrize(
    ("typed", "markup_"),
    [
        ("hi @ana, @daybook.", "hi <@U1>, <@U0DAYBOOK>."),
        ("@nobody and ana@example.com", "@nobody and ana@example.com"),
        ("see #general, not #elsewhere", "see <#C1|general>, not #elsewhere"),
        ("@here", "<!here>"),
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("(https://example.com/a?b=1&c=2).", "(<https://example.com/a?b=1&amp;c=2>)."),
        ("<@U1> &amp; <https://example.com|there>", "<@U1> &amp; <https://example.com|there>"),
        ("`@ana < https://example.com`", "`@ana &lt; https://example.com`"),
    ],
)
def test_typed_text_becomes_markup(state: State, typed: str, markup_: str) -> None:
    """Names, channels and addresses become links, the rest is escaped, code and markup stay."""
    assert markup(typed, state) == markup_
    assert markup(markup_, state) == markup_
