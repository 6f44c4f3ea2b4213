"""What people decided differently: both are told, with their days and links, to whoever may read both."""

import re

from tests.scenarios.house import House, links, words
from tests.scenarios.team import BEN, BOT, DEE, FAY, GENERAL, LEADS

TUESDAY = "DECISION: PAY-77 goes live on Tuesday"
FRIDAY = "DECISION: PAY-77 goes live on Friday"
ASKED = f"<@{BOT}> when does PAY-77 go live?"


async def test_a_conflict_is_told_as_one_where_both_sides_may_be_read(evening: House) -> None:
    """Among the leads it is both, each with its link; in the open channel there is but one decision, and no doubt."""
    first = await evening.post(BEN, GENERAL, TUESDAY)
    await evening.quiet()
    second = await evening.post(DEE, LEADS, FRIDAY)
    await evening.quiet()

    ts = await evening.post(DEE, LEADS, ASKED)
    answer = await evening.answer(DEE, LEADS, ts)
    told = words(answer)
    assert "others say otherwise" in told
    assert re.search(r"To the contrary, \w+ \w+ wrote in #general today: “PAY-77 goes live on Tuesday”", told)
    assert {(GENERAL, first), (LEADS, second)} <= {*links(answer)}

    ts = await evening.post(FAY, GENERAL, ASKED)
    outside = await evening.answer(FAY, GENERAL, ts)
    assert "Tuesday" in words(outside)
    assert not re.search("otherwise|contrary|Friday|leads", words(outside))
