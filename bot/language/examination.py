"""Whether the endpoints that the settings name can be used, tried for real; each finding says what to change."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from bot.embedder import OPENAI, WrongDimension, embedder_of
from bot.findings import Finding
from bot.language.chosen import endpoints_of
from bot.language.failed import Failed
from bot.language.timing import RealTimer
from bot.settings import Settings
from graphs.prompts import Prompt, Size
from graphs.schemas import strict_schema
from memory.models.base import Model

if TYPE_CHECKING:
    from bot.language.endpoint import Endpoint

SECONDS = 30.0


class _Readiness(Model):
    """What nobody would answer in prose."""

    state: Literal["ready"]
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class _Variables:
    """What an endpoint's settings are called."""

    key: str
    url: str
    address: str
    names: dict[Size, str]


async def examine(settings: Settings) -> list[Finding]:
    """One finding for each model that is set, and one that says so if none is."""
    endpoints = endpoints_of(settings, RealTimer())
    found = [await _model(each, size, _variables(settings, each)) for each in endpoints for size in _sizes(each)]
    if not endpoints:
        found.append(Finding(well=True, what="No language model is set (DAYBOOK_MODEL_LARGE): rules do everything."))
    if settings.embeddings_model:
        found.append(await _embeddings(settings))
    return found


def _sizes(endpoint: "Endpoint") -> list[Size]:
    """One for each name: both sizes may be one model."""
    return ["large"] if endpoint.names["small"] == endpoint.names["large"] else ["small", "large"]


def _variables(settings: Settings, endpoint: "Endpoint") -> _Variables:
    if endpoint.name == "first":
        address = settings.openai_base_url or OPENAI
        names: dict[Size, str] = {"small": "DAYBOOK_MODEL_SMALL", "large": "DAYBOOK_MODEL_LARGE"}
        return _Variables("OPENAI_API_KEY", "OPENAI_BASE_URL", address, names)
    elsewhere = bool(settings.second_base_url)
    return _Variables(
        "DAYBOOK_SECOND_API_KEY" if elsewhere or settings.second_api_key else "OPENAI_API_KEY",
        "DAYBOOK_SECOND_BASE_URL" if elsewhere else "OPENAI_BASE_URL",
        settings.second_base_url or settings.openai_base_url or OPENAI,
        {"small": "DAYBOOK_SECOND_MODEL_SMALL", "large": "DAYBOOK_SECOND_MODEL_LARGE"},
    )


async def _model(endpoint: "Endpoint", size: Size, told: _Variables) -> Finding:
    name = endpoint.names[size]
    # What is asked calls for prose: a reply in the schema is the schema's doing.
    prompt = Prompt(size=size, instructions="Greet the user in one friendly sentence.", data="Hello!", most=1000)
    try:
        heard = await endpoint.ask("doctor", prompt, strict_schema(_Readiness), SECONDS)
    except Failed as failed:
        return Finding(well=False, what=await _remedy(failed, endpoint, size, told))
    try:
        _Readiness.model_validate_json(heard.content)
    except ValidationError:
        return Finding(
            well=False,
            what=f"{name} does not keep to strict JSON schemas: set {told.names[size]} to a model, or {told.url} to a"
            " server, that does (vLLM does, Ollama from 0.5).",
        )
    return Finding(well=True, what=f"{name} answers and keeps to strict JSON schemas ({told.address}).")


async def _remedy(failed: Failed, endpoint: "Endpoint", size: Size, told: _Variables) -> str:
    name = endpoint.names[size]
    remedies = {
        "http_401": f"{told.address} refuses the key: set {told.key} to one that it takes.",
        "http_403": f"The key may not use {name}: give it the right to, or set {told.names[size]} to another model.",
        "quota": f"The account behind {told.key} has no money left: pay, or set another key.",
        "http_429": f"{told.address} limits how much it is asked: try later, or raise the account's limit.",
        "http_400": f"{name} does not take strict JSON schemas: set {told.names[size]} to a model that does.",
        "unreachable": f"{told.address} cannot be reached: set {told.url} to where the server listens.",
        "timeout": f"{name} did not answer in {SECONDS:.0f} s: try again, or set {told.names[size]} to a faster one.",
        "malformed": f"What {told.address} answers is no chat completion: set {told.url} to where the API begins,"
        " mostly …/v1.",
        "refused": f"{told.address} filters what is said to {name}: loosen its content filter.",
    }
    if failed.outcome == "http_404":
        return await _other_names(endpoint, size, told)
    if failed.outcome in remedies:
        return remedies[failed.outcome]
    return f"{told.address} fails ({failed.outcome}): see what its operator says, or set {told.url} to another."


async def _other_names(endpoint: "Endpoint", size: Size, told: _Variables) -> str:
    """There is no such model, or nothing at all at that address."""
    name = endpoint.names[size]
    try:
        there = sorted(await endpoint.listed())
    except Failed:
        return (
            f"{told.address} knows no {name}: set {told.names[size]} to a model of its, or {told.url} to mostly …/v1."
        )
    some = ", ".join(there[:8]) + (", …" if len(there) > 8 else "")
    return (
        f"There is no model {name} at {told.address}: set {told.names[size]} to one of its ({some or 'it has none'})."
    )


async def _embeddings(settings: Settings) -> Finding:
    name, address = settings.embeddings_model, settings.openai_base_url or OPENAI
    failed: Failed | None = None
    try:
        await embedder_of(settings).embed(["Hello!"])
    except WrongDimension as error:
        return Finding(well=False, what=f"{error} Set DAYBOOK_EMBEDDINGS_DIMENSION to what {name} gives.")
    except Exception as error:  # noqa: BLE001  # what libraries make of a nonsensical reply can be anything
        from bot.language.failures import failure_of  # noqa: PLC0415  # a second to load, for what seldom happens

        failed = failure_of(error)
    if failed is None:
        return Finding(
            well=True, what=f"{name} gives vectors of {settings.embeddings_dimension} dimensions ({address})."
        )
    remedies = {
        "http_401": "set OPENAI_API_KEY to a key that it takes",
        "http_404": "set DAYBOOK_EMBEDDINGS_MODEL to a model of its",
        "http_400": f"{name} may not have as many dimensions: set DAYBOOK_EMBEDDINGS_DIMENSION to what it has",
        "unreachable": "set OPENAI_BASE_URL to where the server listens",
    }
    todo = remedies.get(failed.outcome, "try again, or set OPENAI_BASE_URL to another server")
    return Finding(well=False, what=f"{address} makes no vectors with {name} ({failed.outcome}): {todo}.")
