"""Slack's limits on modals and the Home tab."""

from bot.local.workspace.block_limits import HOME, MODAL, check_blocks
from bot.local.workspace.findings import Findings
from bot.local.workspace.state import Payload


def check_view(view: object, kind: str) -> list[str]:
    """Everything wrong with a view of that kind, one sentence each."""
    findings = Findings()
    if not isinstance(view, dict):
        findings.add("missing required field: view", "/view")
        return findings.problems
    if view.get("type") != kind:
        findings.add(f"unsupported type: {view.get('type')}", "/view/type")
    findings.limit(view, "private_metadata", "/view", 3000)
    findings.limit(view, "callback_id", "/view", 255)
    findings.limit(view, "external_id", "/view", 255)
    if kind == "modal":
        _check_modal(findings, view)
    return findings.problems + check_blocks(view.get("blocks"), MODAL if kind == "modal" else HOME, "/view/blocks")


def _check_modal(findings: Findings, view: Payload) -> None:
    findings.text(view, "title", "/view", 24, kinds=("plain_text",))
    for name in ("submit", "close"):
        if view.get(name) is not None:
            findings.text(view, name, "/view", 24, kinds=("plain_text",))
    blocks = view.get("blocks")
    asks = isinstance(blocks, list) and any(isinstance(one, dict) and one.get("type") == "input" for one in blocks)
    if asks and view.get("submit") is None:
        findings.add("missing required field: submit", "/view")
