"""Settings in the App Home: opened with a press, filled in, refused at the field or kept, and followed from then on."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.scenarios.house import House, Payload, until, words
from tests.scenarios.team import ADA, BEN, BOT, FAY, GENERAL, INCIDENTS, LEADS, MORNINGS, PAYMENTS, SECRET, said

SEVEN = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
"""In Berlin, on Friday."""
MEANWHILE = (
    "We decided to archive invoices in the Lisbon cellar.",
    "We decided to hire a contractor for the Swiss importer.",
    "Decided: card payments get a second acquirer in spring.",
)


async def opened(house: House, person: str) -> Payload:
    """The form, as it stands open before this person."""
    await house.act("open_home", person)
    await house.press_at_home(person, "settings")
    (form,) = await until(lambda: modals(house, person), "the form")
    found: Payload = form
    return found


async def modals(house: House, person: str) -> list[Payload]:
    found: list[Payload] = (await house.get("modals", **{"as": person}))["views"]
    return found


async def submit(house: House, person: str, form: Payload, **chosen: Any) -> dict[str, str]:
    """Fills fields in and saves; what is wrong with them comes back, by field."""
    state = {name: {name: value} for name, value in chosen.items()}
    told = await house.act("submit", person, view_id=form["id"], state={"values": state})
    errors: dict[str, str] = told.get("errors", {})
    return errors


async def chosen(house: House, person: str, **fields: Any) -> None:
    """Opens the form, fills it in, saves it, and waits until that is kept."""
    assert await submit(house, person, await opened(house, person), **fields) == {}
    assert await modals(house, person) == []
    await house.quiet()


async def kept(house: House) -> int:
    return int(await house.value("select count(*) from events where kind = 'SettingsChanged'"))


async def test_the_next_morning_comes_at_the_chosen_time(house: House) -> None:
    """A new time is kept, shown in the Home tab, and the next briefing comes then, and not before."""
    async with house.after_the_day(leaders=(ADA,)):
        await chosen(house, ADA, brief_at="07:00", on_activity=[])
        await house.home(ADA, "workdays at 07:00")
        house.at(SEVEN, minutes=-5)
        await house.post(ADA, GENERAL, "up early")
        await house.several_rounds()
        assert await house.briefings(ADA) == []
        house.at(SEVEN, seconds=1)
        await house.briefing(ADA)
        fields = {block["block_id"]: block["element"] for block in (await opened(house, ADA))["blocks"]}
        assert fields["brief_at"]["initial_time"] == "07:00"
        assert "initial_options" not in fields["on_activity"]


async def test_what_is_wrong_is_said_at_its_field_and_changes_nothing(house: House) -> None:
    """Every field that cannot stay gets its sentence, the form stays open, and nothing is kept until it is mended."""
    async with house.after_the_day(leaders=(ADA,)):
        form = await opened(house, ADA)
        wrong = await submit(
            house,
            ADA,
            form,
            quiet_days="next week",
            away_until="2026-11-19",
            followed=[PAYMENTS],
            muted=[PAYMENTS],
            manager=ADA,
            projects="x" * 61,
        )
        assert {*wrong} == {"quiet_days", "away_until", "muted", "manager", "projects"}
        assert all(each.endswith(".") for each in wrong.values())
        await house.quiet()
        assert await kept(house) == 0
        assert [each["id"] for each in await modals(house, ADA)] == [form["id"]]
        # A channel in which the person is not may be none of theirs, whether or not Daybook is in it.
        assert {
            *await submit(
                house,
                ADA,
                form,
                followed=["CPLATFORMX"],
                muted=[],
                manager=BEN,
                projects="Ledger",
                quiet_days="",
                away_until="2026-11-30",
            )
        } == {"followed"}
        assert await submit(house, ADA, form, followed=[PAYMENTS], muted=[]) == {}
        await house.quiet()
        assert await kept(house) == 1


async def test_a_private_channel_of_others_and_one_that_does_not_exist_are_refused_alike(house: House) -> None:
    """What somebody may not read is not even known to exist."""
    async with house.after_the_day(leaders=(ADA,)):
        form = await opened(house, BEN)
        hidden = await submit(house, BEN, form, followed=[LEADS])
        assert hidden == await submit(house, BEN, form, followed=["CNOWHERE"])
        assert {*hidden} == {"followed"}


async def test_a_redelivered_submission_does_nothing_more(house: House) -> None:
    """The same submission once more, also after another one, changes nothing."""
    async with house.after_the_day(leaders=(ADA,)):
        sent: list[Payload] = []
        asking = house.workspace.world.socket.ask

        async def listened(kind: str, payload: Payload, **more: Any) -> Payload | None:
            sent.append(payload)
            return await asking(kind, payload, **more)

        house.workspace.world.socket.ask = listened  # type: ignore[method-assign]
        await chosen(house, ADA, brief_at="07:00")
        await chosen(house, ADA, brief_at="09:00")
        first = next(each for each in sent if each["type"] == "view_submission")
        await house.act("envelope", type="interactive", payload=first)
        await house.several_rounds()
        assert await kept(house) == 2
        assert await house.value("select brief_at::text from people where brief_at <> '08:30'") == "09:00:00"


async def test_a_muted_channel_is_gone_but_for_what_asks_its_reader(house: House) -> None:
    """Of a muted channel comes only what asks its reader, or was promised by them or to them."""
    async with house.after_the_day(leaders=(ADA,)):
        await chosen(house, ADA, muted=[PAYMENTS, INCIDENTS])
        house.at(MORNINGS[ADA], seconds=1)
        _, briefing = await house.briefing(ADA)
        shown = words(briefing)
        assert "ledger Quince" not in shown
        assert "rounding fix" not in shown
        assert "invoice tool licence" in shown
        assert SECRET in shown


async def test_people_and_projects_that_matter_are_reasons(house: House) -> None:
    """What the reader said matters to them is told to be the reason."""
    async with house.after_the_day(leaders=(ADA,)):
        await house.post(FAY, GENERAL, "We decided to paint the Kestrel cabinet green.")
        await chosen(house, ADA, people=[BEN], projects="Kestrel, Heron")
        house.at(MORNINGS[ADA], seconds=1)
        _, briefing = await house.briefing(ADA)
        shown = words(briefing)
        assert "ou follow Ben Okafor’s work" in shown
        assert "t touches Kestrel, one of your projects" in shown
        assert "Heron" not in shown


async def test_a_briefing_by_direct_message(house: House) -> None:
    """Who wants it so is briefed in a DM, and no channel is opened."""
    async with house.after_the_day(leaders=(ADA,)):
        await chosen(house, ADA, place="dm")
        house.at(MORNINGS[ADA], seconds=1)
        place, _ = await house.briefing(ADA)
        assert (place["kind"], sorted(place["members"])) == ("im", sorted([ADA, BOT]))
        assert [call for call in await house.calls("conversations.create") if call["ok"]] == []


async def test_a_week_away_is_caught_up_with(house: House) -> None:
    """Nothing comes while somebody is away, at their desk or not; then one briefing tells of the whole time."""
    async with house.after_the_day(leaders=(ADA,)):
        house.at(MORNINGS[ADA], seconds=1)
        await house.briefing(ADA)
        await chosen(house, ADA, away_until="2026-11-26")
        for day, decided in enumerate(MEANWHILE, start=3):
            house.at(MORNINGS[ADA], days=day, seconds=1)
            await house.post(BEN, PAYMENTS, decided)
            await house.post(ADA, GENERAL, "only looking in")
            await house.several_rounds()
        assert len(await house.briefings(ADA)) == 1
        house.at(MORNINGS[ADA], days=6, seconds=1)
        await until(lambda: _many(house, 2), "a second briefing")
        shown = words((await house.briefings(ADA))[1][1])
        assert "You were away three days: " in shown
        assert all(decided.removesuffix(".")[-20:] in shown for decided in MEANWHILE), shown


async def _many(house: House, number: int) -> bool:
    return len(await house.briefings(ADA)) >= number


async def test_the_week_is_reviewed_once_on_its_last_workday(house: House) -> None:
    """At four on Friday, where the briefings are, in at most ten lines with sources; with two Daybooks still once."""
    async with house.after_the_day(leaders=(ADA,), bots=2):
        await chosen(house, ADA, weekly_review=["yes"])
        house.at(MORNINGS[ADA], seconds=1)
        place, _ = await house.briefing(ADA)
        house.at(SEVEN, hours=8, minutes=59)
        await house.several_rounds()
        assert await reviews(house, ADA) == []
        house.at(SEVEN, hours=9, seconds=1)
        await until(lambda: reviews(house, ADA), "a review of the week")
        await house.several_rounds()
        ((where, review),) = await reviews(house, ADA)
        assert where["id"] == place["id"]
        items = [block for block in review["blocks"] if str(block.get("block_id", "")).startswith("item-")]
        assert 1 <= len(items) <= 9
        assert all("/archives/" in json.dumps(block) for block in items)
        assert "Decided" in words(review)
        house.at(MORNINGS[ADA], days=3, seconds=1)
        await until(lambda: _many(house, 2), "Monday's briefing")
        assert "You were away" not in words((await house.briefings(ADA))[1][1])


async def test_a_review_is_rewritten_when_what_it_rests_on_is_deleted(house: House) -> None:
    """As a briefing is: the line goes, in Slack too, and the headline counts anew."""
    async with house.after_the_day(leaders=(ADA,)):
        await chosen(house, ADA, weekly_review=["yes"])
        house.at(SEVEN, hours=9, seconds=1)
        ((_, review),) = await until(lambda: reviews(house, ADA), "a review of the week")
        assert "ledger Quince" in words(review)
        gone = said("ship ledger Quince")
        await house.act("delete", gone.user, channel=gone.channel, ts=gone.ts)

        async def rewritten() -> bool:
            ((_, shown),) = await reviews(house, ADA)
            return "Quince" not in words(shown) and "Your week: " in words(shown)

        await until(rewritten, "the review without it")


async def test_a_quiet_week_is_told_in_one_line(house: House) -> None:
    """Where nothing happened, that is all that is said; who did not ask for a review gets none."""
    async with house.daybook(leaders=(ADA, BEN)):
        await chosen(house, ADA, weekly_review=["yes"])
        house.at(SEVEN, hours=9, seconds=1)
        ((_, review),) = await until(lambda: reviews(house, ADA), "a review of the week")
        assert "A quiet week" in words(review)
        assert len(review["blocks"]) == 3
        await house.several_rounds()
        assert await reviews(house, BEN) == []


async def reviews(house: House, person: str) -> list[tuple[Payload, Payload]]:
    found = await house.from_daybook(person)
    return [(place, message) for place, message in found if "Your week" in json.dumps(message["blocks"][0])]
