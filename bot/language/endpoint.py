"""One server that speaks OpenAI's protocol, asked once: no patience, no second try, no memory."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import openai
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from langsmith import tracing_context
from pydantic import SecretStr

from bot.language.breaker import Breaker
from bot.language.failed import Failed
from bot.language.failures import failure_of
from bot.language.timing import Timer
from graphs.ports import Usage
from graphs.prompts import Prompt, Size, tokens_in

log = logging.getLogger(__name__)
OPENAI = "https://api.openai.com/v1"
LONGEST = 200_000
"""Characters of a reply; what is longer was never asked for."""


@dataclass(frozen=True)
class Heard:
    """What a model said. `cut`: it was not at its end; `refusal`: it said that it would not."""

    content: str
    usage: Usage
    cut: bool = False
    refusal: bool = False


@dataclass(frozen=True)
class Endpoint:
    """`name` is how logs and records call it; `names` are its models."""

    name: str
    names: Mapping[Size, str]
    chats: Mapping[Size, ChatOpenAI]
    breaker: Breaker
    prices: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)

    async def ask(self, task: str, prompt: Prompt, schema: Mapping[str, Any], seconds: float) -> Heard:
        """Asks once, for so long. Raises Failed."""
        shape = {"type": "json_schema", "json_schema": {"name": task, "strict": True, "schema": schema}}
        said = [SystemMessage(prompt.instructions), HumanMessage(prompt.data)]
        failed: Failed | None = None
        try:
            async with asyncio.timeout(seconds):
                # Whatever the environment says: prompts go to the endpoint and to nobody else.
                with tracing_context(enabled=False):
                    chat = self.chats[prompt.size].bind(
                        response_format=shape, max_completion_tokens=prompt.most, timeout=seconds
                    )
                    reply = await chat.ainvoke(said)
        except openai.LengthFinishReasonError as error:
            return _cut_off(error, prompt)
        except Exception as error:  # noqa: BLE001  # what libraries make of a nonsensical reply can be anything
            failed = failure_of(error)
            extra = {"task": task, "endpoint": self.name, "outcome": failed.outcome, "error": type(error).__name__}
            log.warning("model_call_failed", extra=extra)
        if failed is not None:
            raise failed  # here, where it has no context: what libraries raise quotes what was sent
        return _heard(reply, prompt)

    def cost(self, model: str, usage: Usage) -> int | None:
        """Millionths of a dollar: dollars for a million tokens are just that for one. None without a price."""
        if model not in self.prices:
            return None
        sent, known, received = self.prices[model]
        fresh = max(usage.tokens_in - usage.tokens_cached, 0)
        return round(fresh * sent + usage.tokens_cached * known + usage.tokens_out * received)

    async def listed(self) -> list[str]:
        """The models that the server says it has. Raises Failed."""
        server: openai.AsyncOpenAI = next(iter(self.chats.values())).root_async_client
        failed: Failed | None = None
        try:
            found = [model.id async for model in await server.models.list()]
        except Exception as error:  # noqa: BLE001  # as above
            failed = failure_of(error)
        if failed is not None:
            raise failed
        return found


def endpoint(
    name: str,
    *,
    url: str,
    key: str,
    names: Mapping[Size, str],
    timer: Timer,
    temperature: float | None = None,
    prices: Mapping[str, tuple[float, float, float]] | None = None,
) -> Endpoint:
    chats: dict[Size, ChatOpenAI] = {
        size: ChatOpenAI(
            model=model,
            api_key=SecretStr(key or "none"),  # a server of one's own may want none
            base_url=url or OPENAI,
            temperature=temperature,
            use_responses_api=False,
            max_retries=0,
        )
        for size, model in names.items()
    }
    return Endpoint(name, names, chats, Breaker(timer), prices or {})


def _heard(reply: AIMessage, prompt: Prompt) -> Heard:
    content = reply.content if isinstance(reply.content, str) else ""
    finish = reply.response_metadata.get("finish_reason")
    return Heard(
        content=content[:LONGEST],
        usage=_usage(reply, prompt, content),
        cut=finish not in {"stop", None} or len(content) > LONGEST,
        refusal=bool(reply.additional_kwargs.get("refusal")),
    )


def _usage(reply: AIMessage, prompt: Prompt, content: str) -> Usage:
    """As the endpoint counted, or where it did not, as we do."""
    told = reply.usage_metadata
    if not told or not told.get("input_tokens"):
        return Usage(tokens_in(prompt.instructions + prompt.data), 0, tokens_in(content))
    cached = (told.get("input_token_details") or {}).get("cache_read") or 0
    return Usage(told["input_tokens"], cached, told.get("output_tokens") or 0)


def _cut_off(error: openai.LengthFinishReasonError, prompt: Prompt) -> Heard:
    counted = error.completion.usage
    if counted is None:
        return Heard("", Usage(tokens_in(prompt.instructions + prompt.data), 0, prompt.most), cut=True)
    details = counted.prompt_tokens_details
    cached = (details.cached_tokens or 0) if details else 0
    return Heard("", Usage(counted.prompt_tokens, cached, counted.completion_tokens), cut=True)
