"""api.test, auth.test, apps.connections.open, bots.info, team.info."""

from bot.local.workspace.calls import Call, Method
from bot.local.workspace.rate_limits import Tier
from bot.local.workspace.refusals import Refusal
from bot.local.workspace.state import Payload


def test(call: Call) -> Payload:
    if error := call.arguments.text("error"):
        raise Refusal(error, args=call.arguments.raw)
    return {"args": call.arguments.raw}


def auth_test(call: Call) -> Payload:
    state = call.world.state
    return {
        "url": f"{call.world.url}/",
        "team": state.team.name,
        "user": state.bot.name,
        "team_id": state.team.id,
        "user_id": state.bot.id,
        "bot_id": state.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> Payload:
    world = call.world
    return {"url": f"{world.url.replace('http', 'ws', 1)}/socket?ticket={world.socket.ticket()}"}


def describe_bot(call: Call) -> Payload:
    state = call.world.state
    if call.arguments.text("bot", state.bot_id) != state.bot_id:
        raise Refusal("bot_not_found")
    bot = {"id": state.bot_id, "deleted": False, "name": state.bot.name, "updated": state.bot.updated}
    return {"bot": bot | {"app_id": state.app_id, "user_id": state.bot.id, "icons": {}}}


def describe_team(call: Call) -> Payload:
    team = call.world.state.team
    if call.arguments.text("team", team.id) != team.id:
        raise Refusal("team_not_found")
    url = f"{call.world.url}/"
    return {
        "team": {"id": team.id, "name": team.name, "domain": team.domain, "url": url, "email_domain": "", "icon": {}}
    }


METHODS = {
    "api.test": Method(test, Tier.FOUR, anybody=True),
    "auth.test": Method(auth_test, Tier.SPECIAL),
    # Slack calls this tier 1, and still lets ten connections open at once.
    "apps.connections.open": Method(open_connection, Tier.TWO, app_token=True),
    "bots.info": Method(describe_bot, Tier.THREE, ("users:read",)),
    "team.info": Method(describe_team, Tier.THREE, ("team:read",)),
}
