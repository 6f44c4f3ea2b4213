"""How well conversations are found in labelled chat, for training runs."""

from collections.abc import Sequence

from bot.evaluation.figures import clusters
from bot.evaluation.figures.sheet import Sheet
from bot.training.corpora import Chat, Rows
from graphs.tasks import segment
from graphs.tasks.forest import Forest
from graphs.tasks.reading import Reading


def judged(chats: Sequence[Chat], channels: Sequence[Rows], reading: Reading, trees: Forest) -> Sheet:
    """What these trees find in the labelled messages of people."""
    wanted, found = dict[str, str](), dict[str, str]()
    for chat, rows in zip(chats, channels, strict=True):
        given = segment.Given((), tuple(each.message for each in chat.messages), chat.names)
        placements = segment.found_by(segment.Weights(reading, trees, trees), given).placements
        for (message, conversation), row in zip(placements, rows, strict=True):
            if row["conversation_id"] is not None and not row.get("bot"):
                wanted[str(message)] = f"{row['channel']} {row['conversation_id']}"
                found[str(message)] = str(conversation)
    return clusters.sheet(wanted, found)
