"""Slack's limits on what stands inside blocks: buttons, menus, inputs, confirm dialogs."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from bot.local.workspace.findings import Findings
from bot.local.workspace.state import Payload

SELECTS = frozenset({"static_select", "external_select", "users_select", "conversations_select", "channels_select"})
MULTI_SELECTS = frozenset(f"multi_{name}" for name in SELECTS)
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons"})
WRITTEN = frozenset(
    {"plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input", "file_input"}
)
IN_ACTIONS = SELECTS | MULTI_SELECTS | PICKERS | {"button", "overflow", "workflow_button"}
IN_SECTION = IN_ACTIONS | {"image"}
IN_INPUT = SELECTS | MULTI_SELECTS | PICKERS | WRITTEN
FILTERS = frozenset({"include", "exclude_bot_users", "exclude_external_shared_channels"})
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})


def elements_of(block: Payload) -> list[Payload]:
    """The elements of a block that have an id of their own."""
    if block.get("type") == "rich_text":
        return []
    listed = block.get("elements")
    found = [*(listed if isinstance(listed, list) else []), block.get("accessory"), block.get("element")]
    return [element for element in found if isinstance(element, dict)]


def check(findings: Findings, element: Any, path: str, allowed: frozenset[str]) -> None:
    """One element in a place where only some kinds may stand."""
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in allowed:
        findings.add(f"unsupported type: {kind}", f"{path}/type")
        return
    findings.limit(element, "action_id", path, 255)
    if "confirm" in element:
        _confirm(findings, element["confirm"], f"{path}/confirm")
    if "placeholder" in element:
        findings.text(element, "placeholder", path, 150, kinds=("plain_text",))
    CHECKS.get(kind, _nothing_more)(findings, element, path)


def check_action_ids(findings: Findings, elements: Iterable[Payload], path: str) -> None:
    """Slack wants them unique within their block; the block's id tells blocks apart."""
    seen: set[str] = set()
    for element in elements:
        action_id = element.get("action_id")
        if not isinstance(action_id, str):
            continue
        if action_id in seen:
            findings.add(f"`action_id` {action_id} already exists", path)
        seen.add(action_id)


def check_picture(findings: Findings, owner: Payload, path: str) -> None:
    findings.needed(owner, "alt_text", path)
    findings.limit(owner, "alt_text", path, 2000)
    if "slack_file" not in owner:
        findings.needed(owner, "image_url", path)
        findings.limit(owner, "image_url", path, 3000)


def _nothing_more(_findings: Findings, _element: Payload, _path: str) -> None:
    """For elements whose only limits are those of all elements."""


def _button(findings: Findings, element: Payload, path: str) -> None:
    findings.text(element, "text", path, 75, kinds=("plain_text",))
    findings.limit(element, "value", path, 2000)
    findings.limit(element, "url", path, 3000)
    findings.limit(element, "accessibility_label", path, 75)
    if element.get("style") not in (None, "primary", "danger"):
        findings.add("must be primary or danger", f"{path}/style")


def _menu(findings: Findings, element: Payload, path: str) -> None:
    _initial_options(findings, element, path)
    _several(findings, element, path)
    if "option_groups" in element and "options" not in element:
        for place, group in enumerate(findings.items(element, "option_groups", path, 100)):
            at = f"{path}/option_groups/{place}"
            if isinstance(group, dict):
                findings.text(group, "label", at, 75, kinds=("plain_text",))
                _options(findings, group, at, 100)
            else:
                findings.add("must be an object", at)
    else:
        _options(findings, element, path, 100)


def _overflow(findings: Findings, element: Payload, path: str) -> None:
    _options(findings, element, path, 5)


def _choices(findings: Findings, element: Payload, path: str) -> None:
    _initial_options(findings, element, path)
    _options(findings, element, path, 10, kinds=("plain_text", "mrkdwn"))


def _options(
    findings: Findings, owner: Payload, path: str, most: int, kinds: tuple[str, ...] = ("plain_text",)
) -> None:
    for place, option in enumerate(findings.items(owner, "options", path, most)):
        at = f"{path}/options/{place}"
        if not isinstance(option, dict):
            findings.add("must be an object", at)
            continue
        findings.text(option, "text", at, 75, kinds)
        findings.needed(option, "value", at)
        findings.limit(option, "value", at, 150)
        if "description" in option:
            findings.text(option, "description", at, 75, kinds)


def _initial_options(findings: Findings, element: Payload, path: str) -> None:
    """What is chosen from the beginning has to be on offer, label and all."""
    offered = [option for owner in (element, *_groups(element)) for option in _listed(owner, "options")]
    one = [element["initial_option"]] if "initial_option" in element else []
    for option in (*one, *_listed(element, "initial_options")):
        if option not in offered:
            findings.add("is not one of the options", f"{path}/initial_option")


def _groups(element: Payload) -> list[Payload]:
    return [group for group in _listed(element, "option_groups") if isinstance(group, dict)]


def _listed(owner: Payload, name: str) -> list[Any]:
    found = owner.get(name)
    return found if isinstance(found, list) else []


def _several(findings: Findings, element: Payload, path: str) -> None:
    """A menu of several holds no more, from the beginning, than it lets one choose."""
    most = element.get("max_selected_items")
    if most is None:
        return
    if not isinstance(most, int) or most < 1:
        findings.add("must be at least 1", f"{path}/max_selected_items")
        return
    for name in ("initial_options", "initial_users", "initial_conversations", "initial_channels"):
        if len(_listed(element, name)) > most:
            findings.add(f"no more than {most} items allowed", f"{path}/{name}")


def _conversations(findings: Findings, element: Payload, path: str) -> None:
    _several(findings, element, path)
    if "filter" not in element:
        return
    only, at = element["filter"], f"{path}/filter"
    if not isinstance(only, dict) or not {*only} & FILTERS:
        findings.add("must have at least 1 of its fields", at)
        return
    if "include" in only:
        for place, kind in enumerate(findings.items(only, "include", at, 4)):
            if kind not in ("im", "mpim", "private", "public"):
                findings.add("must be im, mpim, private or public", f"{at}/include/{place}")


def _date(findings: Findings, element: Payload, path: str) -> None:
    _formed(findings, element, "initial_date", r"\d{4}-\d{2}-\d{2}", path)


def _time(findings: Findings, element: Payload, path: str) -> None:
    _formed(findings, element, "initial_time", r"([01]\d|2[0-3]):[0-5]\d", path)


def _formed(findings: Findings, element: Payload, name: str, form: str, path: str) -> None:
    value = element.get(name)
    if value is not None and not (isinstance(value, str) and re.fullmatch(form, value)):
        findings.add("has an invalid format", f"{path}/{name}")


def _written(findings: Findings, element: Payload, path: str) -> None:
    findings.limit(element, "initial_value", path, 3000)
    for name in ("min_length", "max_length"):
        length = element.get(name)
        least = 0 if name == "min_length" else 1
        if length is not None and not (isinstance(length, int) and least <= length <= 3000):
            findings.add(f"must be between {least} and 3000", f"{path}/{name}")


def _feedback(findings: Findings, element: Payload, path: str) -> None:
    for name in ("positive_button", "negative_button"):
        button = element.get(name)
        if not isinstance(button, dict):
            findings.add(f"missing required field: {name}", path)
            continue
        findings.text(button, "text", f"{path}/{name}", 75, kinds=("plain_text",))
        findings.needed(button, "value", f"{path}/{name}")
        findings.limit(button, "value", f"{path}/{name}", 2000)


def _icon_button(findings: Findings, element: Payload, path: str) -> None:
    findings.text(element, "text", path, 75, kinds=("plain_text",))
    findings.limit(element, "value", path, 2000)
    if element.get("icon") != "trash":
        findings.add("must be trash, the only icon there is", f"{path}/icon")


def _confirm(findings: Findings, value: Any, path: str) -> None:
    if not isinstance(value, dict):
        findings.add("must be an object", path)
        return
    findings.text(value, "title", path, 100, kinds=("plain_text",))
    findings.text(value, "text", path, 300)
    for name in ("confirm", "deny"):
        findings.text(value, name, path, 30, kinds=("plain_text",))


CHECKS: dict[str, Callable[[Findings, Payload, str], None]] = {
    "button": _button,
    "image": check_picture,
    "static_select": _menu,
    "multi_static_select": _menu,
    "overflow": _overflow,
    "multi_users_select": _several,
    "multi_channels_select": _several,
    "conversations_select": _conversations,
    "multi_conversations_select": _conversations,
    "datepicker": _date,
    "timepicker": _time,
    "checkboxes": _choices,
    "radio_buttons": _choices,
    "plain_text_input": _written,
    "feedback_buttons": _feedback,
    "icon_button": _icon_button,
}
