"""What the environment may say, and what is said about it."""

from pathlib import Path

import pytest

from bot.errors import BadSettings
from bot.settings import SLACK_API, Settings, is_address, read_settings

BOT, APP = "xoxb-1-abc", "xapp-1-abc"
NAMES = [str(field.alias) for field in Settings.model_fields.values()]


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is set but what a test sets."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_bare_names_are_nobodys_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """HOME, WORKERS, LEADERS and LOG_LEVEL belong to others: the database never lies in the home directory itself."""
    for name, value in {"HOME": "/srv/ana", "WORKERS": "99", "LEADERS": "ana", "LOG_LEVEL": "loud"}.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.daybook_home == Path("/srv/ana/.local/share/daybook")
    assert (settings.workers, settings.leader_names, settings.log_level) == (8, (), "INFO")


def test_the_home_is_chosen_from_near_to_far(monkeypatch: pytest.MonkeyPatch) -> None:
    """XDG_DATA_HOME holds it, DAYBOOK_HOME is it, and an empty one is none."""
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    monkeypatch.setenv("DAYBOOK_HOME", "")
    assert read_settings().daybook_home == Path("/data/daybook")
    monkeypatch.setenv("DAYBOOK_HOME", "/own")
    assert read_settings().daybook_home == Path("/own")


def test_what_is_pasted_is_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Line ends around a token or an address are no part of it; an API address may lack its last slash."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", f" {BOT}\n")
    monkeypatch.setenv("SLACK_APP_TOKEN", f"{APP}\r\n")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api\n")
    settings = read_settings()
    settings.require_tokens()
    assert (settings.slack_bot_token, settings.slack_api_url) == (BOT, "http://127.0.0.1:1/api/")
    monkeypatch.setenv("SLACK_API_URL", "")
    assert read_settings().slack_api_url == SLACK_API


@pytest.mark.parametrize(
    ("bot", "app", "named"),
    [
        ("", APP, "SLACK_BOT_TOKEN is not set"),
        (BOT, "", "SLACK_APP_TOKEN is not set"),
        (APP, BOT, "SLACK_BOT_TOKEN is no such token"),
        (BOT, BOT, "SLACK_APP_TOKEN is no such token"),
        ("xoxb-1 2", APP, "SLACK_BOT_TOKEN is no such token"),
        ("xoxb-é", APP, "SLACK_BOT_TOKEN is no such token"),
    ],
)
def test_a_token_that_cannot_be_is_named(bot: str, app: str, named: str) -> None:
    """Missing, swapped or damaged: the variable and where to get its value, never the value."""
    with pytest.raises(BadSettings, match=rf"^{named}.*https://api\.slack\.com/apps") as told:
        Settings(SLACK_BOT_TOKEN=bot, SLACK_APP_TOKEN=app).require_tokens()
    assert not any(value and value in str(told.value) for value in (bot, app))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_API_URL", "slack.com"),
        ("SLACK_API_URL", "http://[x"),
        ("DAYBOOK_CLOCK_URL", "ftp://x"),
        ("DAYBOOK_WORKERS", "0"),
        ("DAYBOOK_WORKERS", "many"),
        ("DAYBOOK_EXTRACTION_DELAY", "-1"),
        ("DAYBOOK_LOG_FORMAT", "xml"),
        ("DAYBOOK_MODEL_PRICES", "small=1/2"),
        ("DAYBOOK_MODEL_PRICES", "small:1/2/3"),
        ("DAYBOOK_SECOND_BASE_URL", "localhost:8000"),
        ("DAYBOOK_MODEL_DAILY_TOKENS", "-1"),
    ],
)
def test_a_setting_out_of_bounds_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """One sentence with the variable's own name."""
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=rf"^{name} cannot be used: [^\n]*\.$"):
        read_settings()


def test_leaders_are_names_between_commas() -> None:
    """Spaces around names and commas too many do no harm."""
    assert Settings(DAYBOOK_LEADERS=" Ana Lima, bo ,,").leader_names == ("Ana Lima", "bo")


@pytest.mark.parametrize(
    ("url", "well"),
    [
        ("https://a.slack.com/", True),
        ("http://127.0.0.1:80", True),
        ("https://", False),
        ("https://a:b", False),
        ("a", False),
    ],
)
def test_an_address_has_a_scheme_and_a_host(url: str, well: bool) -> None:
    """What is no absolute address of the web is none, malformed ones included."""
    assert is_address(url) is well


def test_prices_are_read_by_model() -> None:
    """Dollars for a million tokens: sent, known already, received; a name may hold colons and slashes."""
    found = Settings(DAYBOOK_MODEL_PRICES="gpt-4.1-mini=0.40/0.10/1.60, org/qwen3:8b=0/0/0")
    assert found.prices == {"gpt-4.1-mini": (0.4, 0.1, 1.6), "org/qwen3:8b": (0.0, 0.0, 0.0)}
    assert Settings().prices == {}
