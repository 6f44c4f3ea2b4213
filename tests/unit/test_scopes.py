"""What stands still without a scope: of every one that the manifest asks for, and of no other."""

from bot.manifest import bot_scopes
from handlers import scopes


def test_every_scope_of_the_manifest_is_explained() -> None:
    """A scope that is added to the manifest needs a word on what it is for."""
    assert scopes.STANDS_STILL.keys() == bot_scopes()


def test_only_what_is_known_to_be_missing_is_missing() -> None:
    """Where Slack does not say what was granted, nothing is lacking."""
    assert scopes.lacking(None) == ()
    assert scopes.lacking(bot_scopes()) == ()
    assert scopes.lacking(bot_scopes() - {"commands"}) == ("commands",)


def test_who_reads_no_briefings_is_not_told_what_only_these_lack() -> None:
    """What concerns everybody is told to everybody."""
    assert scopes.for_person(("commands", "groups:write"), reads=False).scopes == ("commands",)
    assert scopes.for_person(("commands", "groups:write"), reads=True).scopes == ("commands", "groups:write")
