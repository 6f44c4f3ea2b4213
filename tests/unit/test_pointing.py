"""Words below a briefing mean all of it, or an entry by its number or what it is called; or they ask something else."""

import pytest

from graphs.tasks import follow, pointing

TOLD = (
    "Dee promised to draft the Marigold announcement by Monday.",
    "Ana is waiting for your review of the ledger.",
    "The proxy is blocked: staging is down.",
)


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("Why did you tell me this?", [0, 1, 2]),
        ("ok, and why are you showing me these?", [0, 1, 2]),
        ("why is this here?", [0, 1, 2]),
        ("why is all of this in my briefing?", [0, 1, 2]),
        ("Why am I told this?", [0, 1, 2]),
        ("why this?", [0, 1, 2]),
        ("why is that important to me?", [0, 1, 2]),
        ("why is the second one here?", [1]),
        ("why did you tell me the last one?", [2]),
        ("why did you tell me about the 3rd item?", [2]),
        ("why did you tell me about the Marigold announcement?", [0]),
        ("Why is Dee’s promise here?", [0]),
        ("what is the ledger doing in here?", [1]),
        ("why am I seeing the proxy thing?", [2]),
        ("how come the proxy is here?", [2]),
        ("why did you tell me about the flamingos?", []),
        ("why is the ninth one here?", []),
    ],
)
def test_entries_are_meant_by_words(question: str, meant: list[int] | None) -> None:
    """In the order in which they are told."""
    named = pointing.what(follow.bare(question))
    assert (None if named is None else pointing.among(named, TOLD)) == meant


@pytest.mark.parametrize(
    "question",
    [
        "why is the proxy down?",
        "why was that decided?",
        "why did you choose Postgres?",
        "who told you this?",
        "why did Dee tell me about the announcement?",
        "tell me about the ledger",
        "what is blocked here?",
        "",
    ],
)
def test_what_asks_for_no_reasons_is_another_question(question: str) -> None:
    """It is answered as any other."""
    assert pointing.what(follow.bare(question)) is None
