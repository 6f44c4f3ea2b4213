"""Slack's limits on blocks and views, at their edges."""

from typing import Any

import pytest

from bot.local.workspace.block_limits import HOME, MESSAGE, MODAL, Surface, check_blocks, name_blocks
from bot.local.workspace.view_limits import check_view

Payload = dict[str, Any]


def plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text}


def section(text: str = "x", **more: Any) -> Payload:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str = "Go", **more: Any) -> Payload:
    return {"type": "button", "text": plain(text), **more}


def actions(*elements: Payload) -> Payload:
    return {"type": "actions", "elements": list(elements)}


def menu(size: int = 1, text: str = "x", value: str = "v") -> Payload:
    return {"type": "static_select", "options": [{"text": plain(text), "value": value}] * size}


def field(text: str) -> Payload:
    return {"type": "mrkdwn", "text": text}


def question(**more: Any) -> Payload:
    return {"type": "input", "label": plain("Why?"), "element": {"type": "plain_text_input"}, **more}


def feedback() -> Payload:
    sides = {f"{side}_button": {"text": plain(side), "value": side} for side in ("positive", "negative")}
    return {"type": "context_actions", "elements": [{"type": "feedback_buttons", **sides}]}


def confirm(title: str) -> Payload:
    return {"title": plain(title), "text": plain("Sure?"), "confirm": plain("Yes"), "deny": plain("No")}


def modal(*blocks: Payload, **more: Any) -> Payload:
    return {"type": "modal", "title": plain("Title"), "blocks": list(blocks), **more}


PICTURE = {"type": "image", "image_url": "https://example.com/a.png"}

ACCEPTED = [
    section("x" * 3000),
    {"type": "section", "fields": [field("x" * 2000)] * 10},
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [field("x"), {**PICTURE, "alt_text": "a"}]},
    actions(*(button("x" * 75, action_id=f"a{n}", value="x" * 2000) for n in range(25))),
    actions(menu(100, "x" * 75, "x" * 150)),
    feedback(),
    {"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash", "text": plain("Delete")}]},
    {"type": "markdown", "text": "x" * 12_000},
    section(accessory=button(confirm=confirm("x" * 100))),
    {**PICTURE, "alt_text": "a"},
    question(),
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
]
REFUSED = [
    (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (section(""), "must be more than 0 characters"),
    ({"type": "section"}, "missing required field: text"),
    ({"type": "section", "fields": [field("x")] * 11}, "no more than 10 items allowed"),
    ({"type": "section", "fields": [field("x" * 2001)]}, "/fields/0/text"),
    ({"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters"),
    ({"type": "header", "text": field("x")}, "unsupported type: mrkdwn"),
    ({"type": "context", "elements": [field("x")] * 11}, "no more than 10 items allowed"),
    ({"type": "context", "elements": [button()]}, "unsupported type: button"),
    (actions(), "must have at least 1 item"),
    (actions(*[button()] * 26), "no more than 25 items allowed"),
    (actions(button("x" * 76)), "must be less than 76 characters"),
    (actions(button(value="x" * 2001)), "must be less than 2001 characters"),
    (actions(button(action_id="x" * 256)), "must be less than 256 characters"),
    (actions(button(action_id="a"), button(action_id="a")), "`action_id` a already exists"),
    (actions(button(style="loud")), "primary or danger"),
    (actions({"type": "plain_text_input"}), "unsupported type: plain_text_input"),
    (actions({"type": "novelty"}), "unsupported type: novelty"),
    (actions(menu(101)), "no more than 100 items allowed"),
    (actions(menu(1, "x" * 76)), "must be less than 76 characters"),
    (actions(feedback()["elements"][0]), "unsupported type: feedback_buttons"),
    ({"type": "context_actions", "elements": [button()]}, "unsupported type: button"),
    (
        {"type": "context_actions", "elements": [{"type": "feedback_buttons"}]},
        "missing required field: positive_button",
    ),
    (section(accessory=button(confirm=confirm("x" * 101))), "/confirm/title"),
    (section(block_id="x" * 256), "must be less than 256 characters"),
    (PICTURE, "missing required field: alt_text"),
    ({"type": "markdown", "text": ""}, "missing required field: text"),
    ({"type": "novelty"}, "unsupported type: novelty"),
    ("words", "must be an object"),
]


@pytest.mark.parametrize("block", ACCEPTED, ids=lambda block: block["type"])
def test_takes_what_slack_takes(block: Payload) -> None:
    """A block exactly at its limits passes."""
    assert check_blocks([block], MESSAGE) == []


@pytest.mark.parametrize(("block", "problem"), REFUSED)
def test_refuses_what_slack_refuses(block: Any, problem: str) -> None:
    """A block one step over a limit is refused, and the sentence says where."""
    assert problem in " ".join(check_blocks([block], MESSAGE))


@pytest.mark.parametrize("surface", [MESSAGE, MODAL, HOME], ids=lambda surface: surface.name)
def test_surfaces_hold_so_many_blocks(surface: Surface) -> None:
    """A surface takes its number of blocks, and not one more."""
    assert check_blocks([section()] * surface.most_blocks, surface) == []
    assert check_blocks([section()] * (surface.most_blocks + 1), surface)


def test_markdown_counts_together() -> None:
    """Markdown blocks share twelve thousand characters."""
    half = {"type": "markdown", "text": "x" * 6_001}
    assert "together" in check_blocks([half, half], MESSAGE)[0]


def test_block_ids_are_unique_and_action_ids_within_a_block() -> None:
    """A block_id may not come twice; an action_id may, in another block."""
    assert check_blocks([section(block_id="a"), section(block_id="a")], MESSAGE)
    assert check_blocks([actions(button(action_id="a")), actions(button(action_id="a"))], MESSAGE) == []


def test_message_blocks_stay_in_messages() -> None:
    """Feedback buttons and markdown cannot stand in a modal or on the Home tab."""
    for surface in (MODAL, HOME):
        assert check_blocks([feedback()], surface)
        assert check_blocks([{"type": "markdown", "text": "x"}], surface)


def test_what_is_no_list_of_blocks_is_refused() -> None:
    """Blocks are an array and nothing else."""
    assert check_blocks({"type": "section"}, MESSAGE) == ["must be an array [json-pointer:/blocks]"]


def test_ids_are_given_to_what_has_none() -> None:
    """Blocks and their elements get ids, and those that have one keep it."""
    blocks = name_blocks([actions(button(), button(action_id="mine"))])
    assert blocks[0]["block_id"]
    assert blocks[0]["elements"][0]["action_id"]
    assert blocks[0]["elements"][1]["action_id"] == "mine"


def test_a_modal_needs_title_and_submit() -> None:
    """A modal's title has at most 24 characters, and inputs need a submit button."""
    assert check_view(modal(question(), submit=plain("Save")), "modal") == []
    assert "missing required field: submit" in check_view(modal(question()), "modal")[0]
    assert "/view/title" in check_view(modal(section(), title=plain("x" * 25)), "modal")[0]
    assert check_view(modal(section(), private_metadata="x" * 3001), "modal")
    assert check_view(modal(section()), "home")
    assert check_view(None, "modal") == ["missing required field: view [json-pointer:/view]"]
