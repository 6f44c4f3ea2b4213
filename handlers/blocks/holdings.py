"""What Daybook holds about somebody: in a few lines, and as a list with *Forget this* at each entry."""

from graphs import days
from handlers.blocks import known, limits, mrkdwn
from handlers.blocks.known import Line, Show
from handlers.blocks.limits import Block
from memory.models.base import Model

MOST = 80
"""Facts that one view lists."""
_NAMES = 200


class Holdings(Model):
    """What is held about a person, as far as they may read it themselves."""

    facts: tuple[Line, ...] = ()
    messages: int = 0
    """What they wrote, in the places that they may read."""
    title: str = ""
    manager: str = ""
    projects: tuple[str, ...] = ()
    tracked: bool = True


def summary(holdings: Holdings) -> list[Block]:
    """For the Home tab and `/daybook privacy`."""
    toggle = _toggle(tracked=holdings.tracked)
    return [
        limits.section("\n".join(["*What I know about you*", *_lines(holdings)])),
        limits.actions([limits.button("What do you hold about me?", "holdings"), toggle], "privacy"),
    ]


def view(holdings: Holdings, show: Show) -> Block:
    """The modal that lists everything, newest first."""
    shown, more = holdings.facts[:MOST], len(holdings.facts) - MOST
    body = [
        limits.section("\n".join(_lines(holdings))),
        *(
            limits.section(known.line(each, show), block_id=f"fact-{each.fact_id}", accessory=_forget(each))
            for each in shown
        ),
    ]
    if more > 0:
        body.append(limits.context(f"…and {days.counted(more)} more, which show as these are forgotten."))
    body.append(
        limits.context(
            "This is what I concluded from places that you may read. *Forget this* takes it back everywhere, and I do "
            "not conclude the same again, though its words may yet tell me something else; the message itself stays in "
            "Slack. Whoever runs me can show you everything, with `daybook privacy-receipt`, and erase it, with "
            "`daybook forget`."
        )
    )
    return {
        "type": "modal",
        "callback_id": "holdings",
        "title": limits.plain("What I hold about you", limits.VIEW_TITLE),
        "close": limits.plain("Close", limits.VIEW_TITLE),
        "blocks": body,
    }


def _lines(holdings: Holdings) -> list[str]:
    facts = known.counted(holdings.facts)
    profile = [
        *([limits.clip(mrkdwn.line(holdings.title), _NAMES)] if holdings.title.strip() else []),
        *([f"you report to {limits.clip(mrkdwn.line(holdings.manager), _NAMES)}"] if holdings.manager.strip() else []),
        *([f"projects: {limits.clip(mrkdwn.line(', '.join(holdings.projects)), _NAMES)}"] if holdings.projects else []),
    ]
    lines = [f"Facts that name you: {facts}." if facts else "I hold no fact that names you."]
    lines.append(f"Messages of yours that I read: {holdings.messages}.")
    if profile:
        lines.append(f"From your profile: {'; '.join(profile)}.")
    if not holdings.tracked:
        lines.append("You are not tracked: I conclude nothing from what you write. What others say stands.")
    return lines


def _toggle(*, tracked: bool) -> Block:
    if not tracked:
        return limits.button("Track me again", "track")
    confirm = {
        "title": limits.plain("Do not track you?", 100),
        "text": limits.plain(
            "I will conclude nothing more from what you write, and what I concluded goes, also from what others were "
            "told. What others say stands, and your messages stay where they are.",
            300,
        ),
        "confirm": limits.plain("Do not track me", 30),
        "deny": limits.plain("Cancel", 30),
    }
    return limits.button("Do not track me", "untrack") | {"confirm": confirm}


def _forget(fact: Line) -> Block:
    confirm = {
        "title": limits.plain("Forget this?", 100),
        "text": limits.plain("It goes from what I know and from what I told anybody. The message stays.", 300),
        "confirm": limits.plain("Forget this", 30),
        "deny": limits.plain("Keep it", 30),
    }
    return limits.button("Forget this", "forget_fact", str(fact.fact_id)) | {"confirm": confirm}
