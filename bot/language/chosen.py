"""The models that the settings name: none unless a name is set, since what people write goes to them."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.language.asking import Language
from bot.language.timing import RealTimer, Timer
from bot.settings import Settings
from graphs.ports import Clock
from graphs.prompts import Size
from memory.database import Database
from memory.model_calls import Limits
from memory.models.ids import TeamId

if TYPE_CHECKING:
    from bot.language.endpoint import Endpoint


def language_of(
    settings: Settings, team: TeamId, database: Database, clock: Clock, timer: Timer | None = None
) -> Language | None:
    """None when no model is set: then rules do everything."""
    ticking = timer or RealTimer()
    endpoints = endpoints_of(settings, ticking)
    if not endpoints:
        return None
    return Language(
        team=team,
        database=database,
        clock=clock,
        timer=ticking,
        endpoints=endpoints,
        limits=Limits(everybody=settings.model_daily_tokens, person=settings.model_person_tokens),
        deadline=settings.model_deadline,
        run_deadline=settings.model_run_deadline,
        turns=asyncio.Semaphore(settings.model_concurrency),
    )


def endpoints_of(settings: Settings, timer: Timer) -> "tuple[Endpoint, ...]":
    """The usual one first. The second one may be another model at the same address."""
    first = _names(settings.model_small, settings.model_large)
    if not first:
        return ()
    from bot.language.endpoint import endpoint  # noqa: PLC0415  # takes a second to load, and most have no model

    second = _names(settings.second_model_small, settings.second_model_large)
    elsewhere = settings.second_base_url or settings.openai_base_url
    own_key = settings.second_api_key or ("" if settings.second_base_url else settings.openai_api_key)
    found = [
        ("first", settings.openai_base_url, settings.openai_api_key, first),
        ("second", elsewhere, own_key, second),
    ]
    return tuple(
        endpoint(
            name,
            url=url,
            key=key,
            names=names,
            timer=timer,
            temperature=settings.model_temperature,
            prices=settings.prices,
        )
        for name, url, key, names in found
        if names
    )


def _names(small: str, large: str) -> Mapping[Size, str]:
    """One name serves for both sizes where only one is set."""
    return {"small": small or large, "large": large or small} if small or large else {}
