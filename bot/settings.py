"""What Daybook is told by its environment. The only reader of it."""

import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import BadSettings

SLACK_API = "https://slack.com/api/"
_AMOUNT = r"(\d+(?:\.\d+)?)"
_PRICE = re.compile(rf"([^=\s]+)={_AMOUNT}/{_AMOUNT}/{_AMOUNT}")


class Settings(BaseSettings):
    """Every setting, under the name of its environment variable."""

    model_config = SettingsConfigDict(
        env_prefix="DAYBOOK_",  # else a field would also be read under its bare name: `home` from HOME
        env_file=None,
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
        frozen=True,
    )

    slack_bot_token: str = Field("", alias="SLACK_BOT_TOKEN")
    slack_app_token: str = Field("", alias="SLACK_APP_TOKEN")
    slack_api_url: str = Field(SLACK_API, alias="SLACK_API_URL")
    database_url: str = Field("", alias="DATABASE_URL")
    home: Path | None = Field(None, alias="DAYBOOK_HOME")
    data_home: Path | None = Field(None, alias="XDG_DATA_HOME")
    greeting: bool = Field(default=False, alias="DAYBOOK_GREETING")
    leaders: str = Field("", alias="DAYBOOK_LEADERS")
    clock_url: str = Field("", alias="DAYBOOK_CLOCK_URL")
    extraction_delay: float = Field(5.0, alias="DAYBOOK_EXTRACTION_DELAY", ge=0, le=600)
    stalled_after: float = Field(10.0, alias="DAYBOOK_STALLED_AFTER", ge=1, le=600)
    workers: int = Field(8, alias="DAYBOOK_WORKERS", ge=1, le=64)
    log_format: Literal["text", "json"] = Field("text", alias="DAYBOOK_LOG_FORMAT")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", alias="DAYBOOK_LOG_LEVEL")
    sentry_dsn: str = Field("", alias="SENTRY_DSN")
    openai_api_key: str = Field("", alias="OPENAI_API_KEY")
    openai_base_url: str = Field("", alias="OPENAI_BASE_URL")
    embeddings_model: str = Field("", alias="DAYBOOK_EMBEDDINGS_MODEL")
    embeddings_dimension: int = Field(512, alias="DAYBOOK_EMBEDDINGS_DIMENSION", ge=1, le=4000)
    model_small: str = Field("", alias="DAYBOOK_MODEL_SMALL")
    model_large: str = Field("", alias="DAYBOOK_MODEL_LARGE")
    model_temperature: float | None = Field(None, alias="DAYBOOK_MODEL_TEMPERATURE", ge=0, le=2)
    model_prices: str = Field("", alias="DAYBOOK_MODEL_PRICES")
    model_deadline: float = Field(15.0, alias="DAYBOOK_MODEL_DEADLINE", gt=0, le=600)
    model_run_deadline: float = Field(30.0, alias="DAYBOOK_MODEL_RUN_DEADLINE", gt=0, le=3600)
    model_reading_delay: float = Field(7200.0, alias="DAYBOOK_MODEL_READING_DELAY", ge=0, le=14400)
    model_concurrency: int = Field(4, alias="DAYBOOK_MODEL_CONCURRENCY", ge=1, le=64)
    model_daily_tokens: int = Field(2_000_000, alias="DAYBOOK_MODEL_DAILY_TOKENS", ge=0)
    model_person_tokens: int = Field(50_000, alias="DAYBOOK_MODEL_PERSON_TOKENS", ge=0)
    second_api_key: str = Field("", alias="DAYBOOK_SECOND_API_KEY")
    second_base_url: str = Field("", alias="DAYBOOK_SECOND_BASE_URL")
    second_model_small: str = Field("", alias="DAYBOOK_SECOND_MODEL_SMALL")
    second_model_large: str = Field("", alias="DAYBOOK_SECOND_MODEL_LARGE")

    @field_validator(
        "slack_bot_token",
        "slack_app_token",
        "database_url",
        "slack_api_url",
        "clock_url",
        "sentry_dsn",
        "openai_api_key",
        "openai_base_url",
        "embeddings_model",
        "model_small",
        "model_large",
        "second_api_key",
        "second_base_url",
        "second_model_small",
        "second_model_large",
    )
    @classmethod
    def _without_edges(cls, value: str) -> str:
        """What is pasted comes with spaces and line ends."""
        return value.strip()

    @field_validator("slack_api_url", "clock_url", "openai_base_url", "second_base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not is_address(value):
            raise ValueError("write it as https://host/path")
        return value

    @field_validator("model_prices")
    @classmethod
    def _are_prices(cls, value: str) -> str:
        if not all(_PRICE.fullmatch(each) for each in _listed(value)):
            raise ValueError("write it as NAME=IN/CACHED/OUT, in dollars for a million tokens, with commas between")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _with_slash(cls, value: str) -> str:
        return value if value.endswith("/") else value + "/"

    @property
    def daybook_home(self) -> Path:
        """Where the embedded Postgres and the demo keep what they need."""
        if self.home:
            return self.home
        return (self.data_home or Path("~/.local/share")).expanduser() / "daybook"

    @property
    def leader_names(self) -> tuple[str, ...]:
        return _listed(self.leaders)

    @property
    def reading_delay(self) -> float:
        """Seconds for which a container's messages are waited for: a model reads longer stretches, and less often."""
        models = self.model_small or self.model_large
        return max(self.model_reading_delay, self.extraction_delay) if models else self.extraction_delay

    @property
    def prices(self) -> dict[str, tuple[float, float, float]]:
        """By model, dollars for a million tokens: sent, sent and known already, received."""
        found = [match for each in _listed(self.model_prices) if (match := _PRICE.fullmatch(each))]
        return {match[1]: (float(match[2]), float(match[3]), float(match[4])) for match in found}

    def require_tokens(self) -> None:
        """Raises BadSettings, naming the variable and where to get its value, unless both tokens look right."""
        wanted = {
            "SLACK_BOT_TOKEN": (self.slack_bot_token, "xoxb-", "“OAuth & Permissions”, “Bot User OAuth Token”"),
            "SLACK_APP_TOKEN": (self.slack_app_token, "xapp-", "“Basic Information”, “App-Level Tokens”"),
        }
        for name, (value, start, where) in wanted.items():
            if not value:
                raise BadSettings(
                    f"{name} is not set: copy it from your app's page at https://api.slack.com/apps, {where}."
                )
            if not value.startswith(start) or not all("!" <= sign <= "~" for sign in value):
                raise BadSettings(
                    f"{name} is no such token, it must begin with {start} and hold no spaces: copy it from your app's"
                    f" page at https://api.slack.com/apps, {where}."
                )


def read_settings() -> Settings:
    """The settings of this environment. Raises BadSettings with one sentence about the first that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        reason = first["msg"].removeprefix("Value error, ")
        raise BadSettings(f"{first['loc'][0]} cannot be used: {reason[0].lower()}{reason[1:]}.") from None


def _listed(text: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(each.strip() for each in text.split(",") if each.strip())


def is_address(url: str) -> bool:
    """Whether it is an absolute address of the web."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a port that is no number, half an IPv6 address
        return False
