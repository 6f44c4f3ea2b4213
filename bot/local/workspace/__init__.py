"""A server on loopback that real Slack clients take for Slack, for the demo and for tests."""

from bot.local.workspace.actor import Actor
from bot.local.workspace.faults import Fault
from bot.local.workspace.refusals import Denied, PortTaken
from bot.local.workspace.seed import Seed, SeedMessage
from bot.local.workspace.server import LocalWorkspace

__all__ = ["Actor", "Denied", "Fault", "LocalWorkspace", "PortTaken", "Seed", "SeedMessage"]
