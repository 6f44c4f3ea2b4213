"""What a person enters into the elements of a message, a modal or the Home tab, as Slack's state objects."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.local.workspace.element_limits import elements_of
from bot.local.workspace.refusals import Denied
from bot.local.workspace.state import Payload

FIELD = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
}
STATELESS = frozenset({"button", "overflow", "feedback_buttons", "icon_button", "workflow_button"})
FORMS = {"selected_date": re.compile(r"\d{4}-\d{2}-\d{2}"), "selected_time": re.compile(r"([01]\d|2[0-3]):[0-5]\d")}
REQUIRED = "Please complete this required field."


def find(blocks: list[Payload], block_id: str, action_id: str) -> Payload:
    """The element of those ids; raises Denied when there is none."""
    for block, element in _interactive(blocks):
        if (block["block_id"], element.get("action_id")) == (block_id, action_id):
            return element
    raise Denied(f"There is no element {action_id} in a block {block_id} here.", missing=True)


def entry(element: Payload, given: Mapping[str, Any]) -> Payload:
    """What an element sends when it is pressed or chosen in; `given` is what the person chose."""
    kind = element["type"]
    if kind == "feedback_buttons":
        return _feedback(element, given)
    if kind in ("button", "icon_button", "workflow_button"):
        return {name: element[name] for name in ("type", "text", "value", "style") if name in element}
    field = FIELD.get(kind)
    if field is None:
        raise Denied(f"An element of type {kind} cannot be pressed.")
    chosen = _chosen(element, field, given)
    _check_allowed(element, field, chosen)
    return {"type": kind, field: chosen}


def values(blocks: list[Payload], entered: Mapping[str, Any]) -> Payload:
    """`state.values` of a surface: what was entered, and what stands there from the beginning."""
    found: Payload = {}
    for block, element in _interactive(blocks):
        if element["type"] in STATELESS or element["type"] not in FIELD:
            continue
        known = entered.get(block["block_id"], {}).get(element.get("action_id"))
        found.setdefault(block["block_id"], {})[element["action_id"]] = known or _initial(element)
    return found


def merged(blocks: list[Payload], entered: Mapping[str, Any], state: Mapping[str, Any]) -> Payload:
    """What was entered before, with what a submit brings; its values are Slack's objects or bare values."""
    result = {block: dict(actions) for block, actions in entered.items()}
    for block_id, actions in state.get("values", state).items():
        for action_id, value in actions.items():
            element = find(blocks, block_id, action_id)
            given = value if isinstance(value, dict) and "text" not in value else {FIELD[element["type"]]: value}
            result.setdefault(block_id, {})[action_id] = entry(element, given)
    return result


def missing(blocks: list[Payload], filled: Payload) -> dict[str, str]:
    """The required inputs left empty: Slack's client refuses these without asking the app."""
    errors = {}
    for block in blocks:
        if block["type"] == "input" and not block.get("optional"):
            element = block["element"]
            state = filled.get(block["block_id"], {}).get(element["action_id"], {})
            if not state.get(FIELD.get(element["type"], "value")):
                errors[block["block_id"]] = REQUIRED
    return errors


def _interactive(blocks: list[Payload]) -> Iterator[tuple[Payload, Payload]]:
    for block in blocks:
        for element in elements_of(block):
            if "action_id" in element:
                yield block, element


def _initial(element: Payload) -> Payload:
    field = FIELD[element["type"]]
    initial = "initial_value" if field.endswith("value") else field.replace("selected_", "initial_")
    empty: Any = [] if field.endswith("s") else None
    return {"type": element["type"], field: element.get(initial, empty)}


def _chosen(element: Payload, field: str, given: Mapping[str, Any]) -> Any:
    value = given.get(field)
    if value is None:
        value = given.get("selected_option", given.get("value"))
    if field == "selected_option":
        return None if value is None else _option(element, value)
    if field == "selected_options":
        listed = value if isinstance(value, list) else [value]
        return [_option(element, one) for one in listed if one is not None]
    if field.endswith("s") and not isinstance(value, list):
        return [value]
    return value


def _check_allowed(element: Payload, field: str, chosen: Any) -> None:
    """Raises Denied for what Slack's client lets nobody enter there."""
    name, form = element.get("action_id"), FORMS.get(field)
    if form is not None and chosen and not form.fullmatch(str(chosen)):
        raise Denied(f"{chosen} is nothing that {name} takes.")
    longest, most = element.get("max_length"), element.get("max_selected_items")
    if longest is not None and field == "value" and len(chosen or "") > longest:
        raise Denied(f"{name} takes at most {longest} characters.")
    if most is not None and isinstance(chosen, list) and len(chosen) > most:
        raise Denied(f"{name} takes at most {most}.")


def _option(element: Payload, wanted: Any) -> Payload:
    """The option that was offered under that value; others cannot be chosen."""
    value = wanted.get("value") if isinstance(wanted, dict) else wanted
    groups = [element, *element.get("option_groups", [])]
    offered: list[Payload] = [option for group in groups for option in group.get("options", [])]
    if element["type"].endswith("external_select"):
        return wanted if isinstance(wanted, dict) else {"text": {"type": "plain_text", "text": value}, "value": value}
    for option in offered:
        if option["value"] == value:
            return option
    raise Denied(f"{value} is not among the options of {element.get('action_id')}.")


def _feedback(element: Payload, given: Mapping[str, Any]) -> Payload:
    buttons = [element["positive_button"], element["negative_button"]]
    for button in buttons:
        if given.get("value") in (button["value"], button["text"]["text"]):
            return {"type": element["type"], "text": button["text"], "value": button["value"]}
    raise Denied(f"Feedback is {' or '.join(button['value'] for button in buttons)}; say which as the value.")
