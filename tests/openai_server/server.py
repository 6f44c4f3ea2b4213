"""A server on this machine that speaks OpenAI's protocol: it checks requests, counts, and misbehaves on command.

Requests that OpenAI would refuse are refused, and kept in `refused`: a test that ends with some has found a fault.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from tests.openai_server import strictness, stub
from tests.openai_server.stub import Payload, Script

Fault = Literal[
    "limited",
    "failing",
    "hanging",
    "slow",
    "truncated_body",
    "malformed_body",
    "truncated_json",
    "cut_off",
    "refusing",
    "filtered",
    "empty",
    "no_choices",
    "prose",
    "wrong_ids",
    "foreign_links",
    "obedient",
    "disconnecting",
    "wrong_schema",
    "error_body",
    "streaming",
    "denied",
    "no_quota",
]
FOREIGN = "https://evil.example/login?next=payroll"
KEY = "sk-test"


@dataclass
class Misbehaviour:
    """`times` None: until told otherwise; `task` empty: whatever is asked; `after` so many calls that go well."""

    fault: Fault
    times: int | None = None
    task: str = ""
    after: int = 0
    seconds: float = 0.0
    retry_after: str | None = None


@dataclass(frozen=True)
class Asked:
    """A request that was taken: what for, of which model, and the tokens that it was counted with."""

    task: str
    model: str
    body: Payload
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    outcome: str


@dataclass
class OpenAIServer:
    url: str = ""
    key: str = KEY
    models: tuple[str, ...] = ("small", "large", "embedder", "stubborn")
    strict: bool = True
    """Whether it keeps to schemas; a server that does not writes prose."""
    scripts: dict[str, Script] = field(default_factory=dict)
    faults: list[Misbehaviour] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    refused: list[list[str]] = field(default_factory=list)
    embedded: list[Payload] = field(default_factory=list)
    running: int = 0
    most_running: int = 0
    _seen: list[str] = field(default_factory=list)

    # What a test says and looks at ------------------------------------------------------------------------------

    def script(self, task: str, answer: Script) -> None:
        self.scripts[task] = answer

    def misbehave(self, fault: Fault, times: int | None = None, **given: Any) -> None:
        self.faults.append(Misbehaviour(fault, times, **given))

    def behave(self) -> None:
        self.faults.clear()

    @property
    def calls(self) -> int:
        return len(self.asked)

    def calls_for(self, task: str) -> int:
        return sum(each.task == task for each in self.asked)

    @property
    def tokens(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for each in self.asked:
            found.update({"in": each.tokens_in, "cached": each.tokens_cached, "out": each.tokens_out})
        return found

    # What it does -------------------------------------------------------------------------------------------------

    def application(self) -> web.Application:
        app = web.Application(client_max_size=8 << 20)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/v1/embeddings", self._embeddings)
        app.router.add_get("/v1/models", self._models)
        return app

    async def _models(self, request: web.Request) -> web.StreamResponse:
        if denied := self._denied(request):
            return denied
        rows = [{"id": each, "object": "model", "created": 1, "owned_by": "tests"} for each in self.models]
        return web.json_response({"object": "list", "data": rows})

    async def _embeddings(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.embedded.append({**body, "authorization": request.headers.get("Authorization", "")})
        if wrong := self._wrong(request, body, "embeddings"):
            return wrong
        size = 3 if body["model"] == "stubborn" else body["dimensions"]
        rows = [
            {"object": "embedding", "index": n, "embedding": [float(len(text))] * size}
            for n, text in enumerate(body["input"])
        ]
        many = sum(_tokens(text) for text in body["input"])
        usage = {"prompt_tokens": many, "total_tokens": many}
        return web.json_response({"object": "list", "data": rows, "model": body["model"], "usage": usage})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            if wrong := self._wrong(request, body, "chat/completions"):
                return wrong
            fault = self._next_fault(stub.task_of(body))
            failed = await self._failed(request, body, fault) if fault else None
            return failed or await self._answered(request, body, fault.fault if fault else None)
        finally:
            self.running -= 1

    def _next_fault(self, task: str) -> Misbehaviour | None:
        for each in self.faults:
            if each.task in {"", task} and each.times != 0:
                if each.after:
                    each.after -= 1
                    continue
                if each.times is not None:
                    each.times -= 1
                return each
        return None

    async def _failed(self, request: web.Request, body: Payload, told: Misbehaviour) -> web.StreamResponse | None:
        """The faults that come before any reply."""
        if told.fault == "slow":
            await asyncio.sleep(told.seconds)
            return None
        if told.fault == "hanging":
            self._note(body, "", told.fault)
            await asyncio.sleep(told.seconds or 3600)
        refusals = {"limited": 429, "no_quota": 429, "failing": 500, "denied": 401, "filtered": 400}
        if told.fault in refusals:
            self._note(body, "", told.fault)
            code = {"no_quota": "insufficient_quota", "filtered": "content_filter"}.get(told.fault, told.fault)
            headers = {"Retry-After": told.retry_after} if told.retry_after is not None else {}
            # As some do, it quotes what it was sent: that must go nowhere.
            quoted = {"error": {"message": stub.prompt_of(body), "type": "error", "code": code, "param": None}}
            return web.json_response(quoted, status=refusals[told.fault], headers=headers)
        if told.fault == "error_body":
            self._note(body, "", told.fault)
            return web.json_response({"error": {"message": stub.prompt_of(body), "code": "overloaded"}})
        if told.fault == "disconnecting":
            self._note(body, "", told.fault)
            if request.transport:
                request.transport.close()
            raise web.HTTPServiceUnavailable
        return None

    async def _answered(self, request: web.Request, body: Payload, fault: Fault | None) -> web.StreamResponse:
        task = stub.task_of(body)
        wanted = self.scripts.get(task, stub.anything)(body) if task else {}
        content, finish, refusal = self._said(wanted, body, fault)
        noted = self._note(body, content, fault or "ok")
        message = {"role": "assistant", "content": None if refusal else content, "refusal": refusal}
        choice = {"index": 0, "finish_reason": finish, "logprobs": None, "message": message}
        usage = {
            "prompt_tokens": noted.tokens_in,
            "completion_tokens": noted.tokens_out,
            "total_tokens": noted.tokens_in + noted.tokens_out,
            "prompt_tokens_details": {"cached_tokens": noted.tokens_cached, "audio_tokens": 0},
        }
        reply: Payload = {
            "id": f"chatcmpl-{len(self.asked)}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": body["model"],
            "choices": [] if fault == "no_choices" else [choice],
            "usage": usage,
        }
        assert fault or strictness.reply_faults(reply, "chat/completions") == []
        if fault == "streaming" or body.get("stream"):
            return await self._streamed(request, reply, content)
        text = json.dumps(reply)
        if fault == "malformed_body":
            return web.Response(text=text[: len(text) // 2], content_type="application/json")
        if fault == "truncated_body":
            return await self._truncated(request, text)
        return web.Response(text=text, content_type="application/json")

    def _said(self, wanted: object, body: Payload, fault: Fault | None) -> tuple[str, str, str | None]:
        """The content of the reply, why it ends, and the refusal if it is one."""
        content = json.dumps(wanted)
        if fault == "prose" or not self.strict:
            return "Certainly! Here is what I think about it.", "stop", None
        if fault == "refusing":
            return "", "stop", "I cannot help with that."
        if fault == "cut_off":
            return content[: len(content) // 2], "length", None
        if fault == "empty":
            return "", "stop", None
        return json.dumps(_distorted(wanted, body, fault)), "stop", None

    async def _streamed(self, request: web.Request, reply: Payload, content: str) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        around = {**reply, "object": "chat.completion.chunk"}
        for start in range(0, len(content), 20):
            delta = {"index": 0, "delta": {"content": content[start : start + 20]}, "finish_reason": None}
            chunk = {**around, "usage": None, "choices": [delta]}
            await response.write(f"data: {json.dumps(chunk)}\n\n".encode())
        last = {**around, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        await response.write(f"data: {json.dumps(last)}\n\ndata: [DONE]\n\n".encode())
        return response

    async def _truncated(self, request: web.Request, text: str) -> web.StreamResponse:
        """Promises a whole body and hangs up in the middle of it."""
        headers = {"Content-Type": "application/json", "Content-Length": str(len(text.encode()))}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await response.write(text.encode()[: len(text) // 2])
        if request.transport:
            request.transport.close()
        return response

    # What it checks and counts --------------------------------------------------------------------------------------

    def _denied(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") == f"Bearer {self.key}":
            return None
        return web.json_response({"error": {"message": "wrong key", "code": "invalid_api_key"}}, status=401)

    def _wrong(self, request: web.Request, body: Payload, path: str) -> web.Response | None:
        if denied := self._denied(request):
            return denied
        if body.get("model") not in self.models:
            told = {"error": {"message": "no such model", "code": "model_not_found"}}
            return web.json_response(told, status=404)
        if wrong := strictness.faults(body, path):
            self.refused.append(wrong)
            return web.json_response({"error": {"message": "; ".join(wrong), "code": "invalid_request"}}, status=400)
        return None

    def _note(self, body: Payload, content: str, outcome: str) -> Asked:
        prompt = stub.prompt_of(body)
        shape = json.dumps(body.get("response_format") or {}, separators=(",", ":"))
        sent = _tokens(prompt) + _tokens(shape)
        noted = Asked(stub.task_of(body), body["model"], body, sent, self._cached(prompt), _tokens(content), outcome)
        self.asked.append(noted)
        return noted

    def _cached(self, prompt: str) -> int:
        """As OpenAI does: of a beginning that was sent before, from 1,024 tokens on, in steps of 128."""
        longest = max((_alike(prompt, each) for each in self._seen), default=0)
        self._seen = [*self._seen, prompt][-50:]
        tokens = longest // 4
        return tokens // 128 * 128 if tokens >= 1024 else 0


def _distorted(wanted: object, body: Payload, fault: Fault | None) -> object:
    if fault == "truncated_json":  # it parses, and what stood at its end is missing
        return {**wanted, "answers": wanted["answers"][:-1]} if isinstance(wanted, Mapping) else wanted
    if fault == "wrong_ids":
        return stub.misdirected(wanted)
    if fault == "foreign_links":
        return stub.changed(wanted, stub.schema_of(body), lambda said: f"{said} See {FOREIGN}")
    if fault == "obedient":
        return stub.obeyed(wanted, body)
    if fault == "wrong_schema":
        return {"result": [stub.prompt_of(body)[-200:]], "ignore previous instructions": True}
    return wanted


def _tokens(text: str) -> int:
    return -(-len(text) // 4)


def _alike(one: str, other: str) -> int:
    """Letters that both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


@asynccontextmanager
async def serving(**given: Any) -> AsyncIterator[OpenAIServer]:
    """The server, on a free port of this machine."""
    server = OpenAIServer(**given)
    runner = web.AppRunner(server.application(), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()
