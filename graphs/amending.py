"""What was told, as it is since a person said otherwise: the same items, worded anew where their facts changed."""

from collections.abc import Mapping, Sequence

from graphs import sentences
from graphs.sentences import Voice
from memory.corrections import Amended
from memory.models.briefings import Item, Promised
from memory.models.facts import Fact
from memory.models.ids import FactId

_TOLD = 2
"""Facts that an item tells in sentences of their own."""


def amended(item: Item, changed: Mapping[FactId, Amended], known: Mapping[FactId, Fact], voice: Voice) -> Item:
    """The item with what is otherwise since it was told; `known` are its facts as they are, without those dismissed.

    The fact that it is about is told anew in its place, another one beside it. An item of which nothing is left keeps
    its words, to be shown as taken back.
    """
    mine = [changed[key] for key in item.fact_ids if key in changed]
    if not mine:
        return item
    about = FactId(item.anchor_id)
    by = next((each.by_id for each in mine if each.by_id), None)
    who = voice.object(by) or "somebody"
    told = [key for key in item.fact_ids if key == about or key in changed][:_TOLD]
    text = " ".join(sentences.of_fact(known[key], voice) for key in told if key in known)
    if about in changed and changed[about].dismissed and not text:
        return item.model_copy(update={"correction": f"not so, said {who}", "taken_back": True})
    if about not in item.fact_ids:  # it tells of a conversation or a meeting, and of these facts among others
        text = f"{item.text} Corrected since: {text}" if text else item.text
    return item.model_copy(
        update={"text": text or item.text, "correction": f"corrected by {who}" if by else "corrected"}
    )


def offering(item: Item, promises: Sequence[FactId], known: Mapping[FactId, Fact], voice: Voice) -> Item:
    """The item with these promises to choose among, each as it is told; with the only one that is known as its promise.

    What is promised twice in the same words is offered once.
    """
    said = {sentences.of_fact(known[key], voice): key for key in reversed(promises) if key in known}
    if len(said) == 1:
        (only,) = said.values()
        return item.model_copy(update={"promise_id": only})
    choice = tuple(Promised(fact_id=key, text=text) for text, key in reversed(said.items()))
    return item.model_copy(update={"promises": choice})
