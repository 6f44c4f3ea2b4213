"""views.*: modals and the Home tab."""

from bot.local.workspace.block_limits import name_blocks
from bot.local.workspace.calls import Call, Method
from bot.local.workspace.rate_limits import Tier
from bot.local.workspace.refusals import Refusal
from bot.local.workspace.state import Payload
from bot.local.workspace.view_limits import check_view
from bot.local.workspace.views import View, view_payload


def open_view(call: Call) -> Payload:
    body = checked_view(call.arguments.structure("view"), "modal")
    user = _person(call)
    _check_external(call, body)
    return _shown(call, call.world.views.open(user, body))


def push(call: Call) -> Payload:
    body = checked_view(call.arguments.structure("view"), "modal")
    user = _person(call)
    _check_external(call, body)
    return _shown(call, call.world.views.push(user, body))


def update(call: Call) -> Payload:
    view = _named(call)
    body = checked_view(call.arguments.structure("view"), view.type)
    _check_hash(call, view)
    view.replace(body)
    return _shown(call, view)


def publish(call: Call) -> Payload:
    if not call.world.manifest.home_tab:
        raise Refusal("not_enabled")
    body = checked_view(call.arguments.structure("view"), "home")
    user = call.user("user_id")
    home = call.world.views.home(user.id)
    if home is not None:
        _check_hash(call, home)
    return _shown(call, call.world.views.publish(user.id, body))


def checked_view(body: object, kind: str) -> Payload:
    """A view by Slack's rules, its blocks named; refuses any other."""
    problems = check_view(body, kind)
    if problems or not isinstance(body, dict):
        raise Refusal("invalid_arguments", problems=problems)
    return body | {"blocks": name_blocks(body["blocks"])}


def _person(call: Call) -> str:
    trigger = call.arguments.text("trigger_id") or call.arguments.text("interactivity_pointer")
    if not trigger:
        raise Refusal("invalid_arguments", problems=["missing required field: trigger_id"])
    return call.world.triggers.redeem(trigger)


def _named(call: Call) -> View:
    if external := call.arguments.text("external_id"):
        view = call.world.views.find_external(external)
    else:
        (view_id,) = call.arguments.needed("view_id")
        view = call.world.views.find(view_id)
    if view is None:
        raise Refusal("not_found")
    return view


def _check_external(call: Call, body: Payload) -> None:
    external = body.get("external_id")
    if external and call.world.views.find_external(external):
        raise Refusal("duplicate_external_id")


def _check_hash(call: Call, view: View) -> None:
    if "hash" in call.arguments and call.arguments.text("hash") != view.hash:
        raise Refusal("hash_conflict")


def _shown(call: Call, view: View) -> Payload:
    call.world.changes.note("home" if view.type == "home" else "modal", user=view.user)
    return {"view": view_payload(view, call.world.state)}


METHODS = {
    "views.open": Method(open_view, Tier.FOUR),
    "views.push": Method(push, Tier.FOUR),
    "views.update": Method(update, Tier.FOUR),
    "views.publish": Method(publish, Tier.FOUR),
}
