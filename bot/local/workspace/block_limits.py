"""Slack's limits on blocks: what it would refuse as `invalid_blocks`, in words like its own."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from uuid import uuid4

from bot.local.workspace import element_limits
from bot.local.workspace.findings import Findings
from bot.local.workspace.state import Payload


@dataclass(frozen=True)
class Surface:
    name: str
    most_blocks: int
    refuses: frozenset[str] = field(default_factory=frozenset)
    """Blocks that Slack does not show there."""


MESSAGE = Surface("message", 50)
_MESSAGE_ONLY = frozenset({"markdown", "context_actions", "table"})
MODAL = Surface("modal", 100, _MESSAGE_ONLY)
HOME = Surface("home", 100, _MESSAGE_ONLY)

MOST_MARKDOWN = 12_000


def check_blocks(blocks: object, surface: Surface, path: str = "/blocks") -> list[str]:
    """Everything wrong with a list of blocks, one sentence each; empty when Slack would take it."""
    findings = Findings()
    if not isinstance(blocks, list):
        findings.add("must be an array", path)
        return findings.problems
    if len(blocks) > surface.most_blocks:
        findings.add(f"no more than {surface.most_blocks} items allowed", path)
    for place, block in enumerate(blocks):
        _check_block(findings, block, surface, f"{path}/{place}")
    _check_block_ids(findings, blocks, path)
    markdown = [block for block in blocks if isinstance(block, dict) and block.get("type") == "markdown"]
    if sum(len(str(block.get("text", ""))) for block in markdown) > MOST_MARKDOWN:
        findings.add(f"markdown blocks hold at most {MOST_MARKDOWN} characters together", path)
    return findings.problems


def name_blocks(blocks: list[Payload]) -> list[Payload]:
    """A copy in which every block and every interactive element has an id, as Slack gives those that lack one."""
    named = deepcopy(blocks)
    for block in named:
        block.setdefault("block_id", uuid4().hex[:5])
        for element in element_limits.elements_of(block):
            if element.get("type") not in ("image", "mrkdwn", "plain_text"):
                element.setdefault("action_id", uuid4().hex[:5])
    return named


def _check_block(findings: Findings, block: object, surface: Surface, path: str) -> None:
    if not isinstance(block, dict):
        findings.add("must be an object", path)
        return
    kind = block.get("type")
    check = CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None or kind in surface.refuses:
        findings.add(f"unsupported type: {kind}", f"{path}/type")
        return
    findings.limit(block, "block_id", path, 255)
    check(findings, block, path)
    element_limits.check_action_ids(findings, element_limits.elements_of(block), path)


def _check_block_ids(findings: Findings, blocks: list[object], path: str) -> None:
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        block_id = block.get("block_id") if isinstance(block, dict) else None
        if isinstance(block_id, str) and block_id in seen:
            findings.add(f"`block_id` {block_id} already exists", f"{path}/{place}/block_id")
        elif isinstance(block_id, str):
            seen.add(block_id)


def _section(findings: Findings, block: Payload, path: str) -> None:
    if "text" not in block and "fields" not in block:
        findings.add("missing required field: text", path)
    if "text" in block:
        findings.text(block, "text", path, 3000)
    if "fields" in block:
        for place, _ in enumerate(findings.items(block, "fields", path, 10)):
            findings.text_at(block["fields"][place], f"{path}/fields/{place}", 2000)
    if "accessory" in block:
        element_limits.check(findings, block["accessory"], f"{path}/accessory", element_limits.IN_SECTION)


def _header(findings: Findings, block: Payload, path: str) -> None:
    findings.text(block, "text", path, 150, kinds=("plain_text",))


def _divider(_findings: Findings, _block: Payload, _path: str) -> None:
    """A divider has nothing that could be wrong."""


def _context(findings: Findings, block: Payload, path: str) -> None:
    for place, element in enumerate(findings.items(block, "elements", path, 10)):
        at = f"{path}/elements/{place}"
        if isinstance(element, dict) and element.get("type") == "image":
            element_limits.check(findings, element, at, frozenset({"image"}))
        else:
            findings.text_at(element, at, 3000)


def _actions(findings: Findings, block: Payload, path: str) -> None:
    for place, element in enumerate(findings.items(block, "elements", path, 25)):
        element_limits.check(findings, element, f"{path}/elements/{place}", element_limits.IN_ACTIONS)


def _context_actions(findings: Findings, block: Payload, path: str) -> None:
    for place, element in enumerate(findings.items(block, "elements", path, 5)):
        element_limits.check(findings, element, f"{path}/elements/{place}", element_limits.IN_CONTEXT_ACTIONS)


def _input(findings: Findings, block: Payload, path: str) -> None:
    findings.text(block, "label", path, 2000, kinds=("plain_text",))
    if "hint" in block:
        findings.text(block, "hint", path, 2000, kinds=("plain_text",))
    if "element" not in block:
        findings.add("missing required field: element", path)
    else:
        element_limits.check(findings, block["element"], f"{path}/element", element_limits.IN_INPUT)


def _image(findings: Findings, block: Payload, path: str) -> None:
    element_limits.check_picture(findings, block, path)
    if "title" in block:
        findings.text(block, "title", path, 2000, kinds=("plain_text",))


def _markdown(findings: Findings, block: Payload, path: str) -> None:
    findings.needed(block, "text", path)
    findings.limit(block, "text", path, MOST_MARKDOWN)


def _rich_text(findings: Findings, block: Payload, path: str) -> None:
    for place, element in enumerate(findings.items(block, "elements", path, 1000)):
        kind = element.get("type") if isinstance(element, dict) else None
        if kind not in {f"rich_text_{part}" for part in ("section", "list", "preformatted", "quote")}:
            findings.add(f"unsupported type: {kind}", f"{path}/elements/{place}/type")


def _table(findings: Findings, block: Payload, path: str) -> None:
    for place, row in enumerate(findings.items(block, "rows", path, 100)):
        if not isinstance(row, list) or len(row) > 20:
            findings.add("a row is an array of at most 20 cells", f"{path}/rows/{place}")


def _video(findings: Findings, block: Payload, path: str) -> None:
    for name in ("alt_text", "title", "thumbnail_url", "video_url"):
        findings.needed(block, name, path)


CHECKS: dict[str, Callable[[Findings, Payload, str], None]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "context_actions": _context_actions,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "table": _table,
    "video": _video,
}
