"""assistant.threads.*: what an agent shows beside a talk: that it is at work, what the talk is called, what to ask.

They are checked and noted among the calls; the page does not show them.
"""

import json

from bot.local.workspace.calls import Call, Method
from bot.local.workspace.rate_limits import Tier
from bot.local.workspace.refusals import Refusal
from bot.local.workspace.state import Payload

MOST_PROMPTS = 4
MOST_LOADING = 10


def set_status(call: Call) -> Payload:
    """Under any message that stands in the channel; an empty status takes it away."""
    _thread(call)
    if not isinstance(call.arguments.raw.get("status"), str):
        raise Refusal("invalid_arguments", problems=["missing required field: status"])
    if len(call.arguments.structure("loading_messages") or ()) > MOST_LOADING:
        raise Refusal("invalid_arguments", problems=[f"no more than {MOST_LOADING} loading_messages allowed"])
    return {}


def set_title(call: Call) -> Payload:
    _thread(call)
    call.arguments.needed("title")
    return {}


def set_prompts(call: Call) -> Payload:
    """Slack takes them without a thread from an agent, and silently drops them with one."""
    call.channel("channel_id")
    raw = call.arguments.raw.get("prompts")
    offered = json.loads(raw) if isinstance(raw, str) else raw
    if not isinstance(offered, list) or not 1 <= len(offered) <= MOST_PROMPTS or not all(map(_is_prompt, offered)):
        raise Refusal("invalid_arguments")
    return {}


def _is_prompt(given: object) -> bool:
    return isinstance(given, dict) and {*given} == {"title", "message"}


def _thread(call: Call) -> None:
    (ts,) = call.arguments.needed("thread_ts")
    if call.channel("channel_id").find(ts) is None:
        raise Refusal("invalid_thread_ts")


METHODS = {
    "assistant.threads.setStatus": Method(set_status, Tier.SPECIAL, ("chat:write",)),
    "assistant.threads.setTitle": Method(set_title, Tier.FOUR, ("assistant:write",)),
    "assistant.threads.setSuggestedPrompts": Method(set_prompts, Tier.FOUR, ("assistant:write",)),
}
