"""All figures of a week: a sheet for each part of the predictions that the labels say anything of."""

from collections.abc import Mapping, Sequence

from bot.evaluation.figures import answers, briefings, clusters, facts
from bot.evaluation.figures.sheet import Sheet
from bot.evaluation.predictions import Predictions
from bot.evaluation.world import Gold, Week


def sheets(week: Week, gold: Gold, found: Predictions) -> Mapping[str, Sheet]:
    """By part: conversations, facts, briefings, answers."""
    made: dict[str, Sheet] = {}
    if found.conversations is not None and gold.conversations:
        made["conversations"] = clusters.sheet(labels(week, gold), _placed(found))
    if found.facts is not None and gold.facts:
        made["facts"] = facts.sheet(gold.facts, found.facts, labels(week, gold))
    if found.briefings is not None and any(morning.needs_you for morning in gold.briefings):
        made["briefings"] = briefings.sheet(week, gold, found.briefings)
    if found.answers is not None and any(asked.kind for asked in gold.questions):
        made["answers"] = answers.sheet(week, gold.questions, found.answers)
    return made


def together(by_week: Sequence[Mapping[str, Sheet]]) -> Mapping[str, Sheet]:
    """The same parts over several weeks: each unit counts once, whichever week it is of."""
    parts = dict.fromkeys(part for sheets in by_week for part in sheets)
    return {part: Sheet.together([sheets[part] for sheets in by_week if part in sheets]) for part in parts}


def labels(week: Week, gold: Gold) -> Mapping[str, str]:
    """What people said, and the conversation it is labelled with."""
    bots = {user.id for user in week.users if user.is_bot}
    said = {line.id for line in week.messages if line.user not in bots}
    return {message: talk.id for talk in gold.conversations for message in talk.messages if message in said}


def _placed(found: Predictions) -> Mapping[str, str]:
    talks = found.conversations or ()
    return {message: str(number) for number, talk in enumerate(talks) for message in talk.messages}
