import json
from decimal import Decimal

import pytest

from app.inspection import report as print_report
from tests.app.api_caller import Caller
from tests.app.api_people import arrives, taken


async def sent(api: Caller, route: str) -> int:
    """A broadcast to everybody that was started and found its addresses."""
    given = {"segment": {}, "text": "Скидки", "route": route}
    number: int = (await api.post("/broadcasts", given)).body["id"]
    await api.post(f"/broadcasts/{number}/start")
    await api.house.planner.route_due()
    return number


async def test_a_report_adds_up_and_is_the_chats_and_the_command_lines(
    both: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    database = both.house.database
    for number in range(3):
        phone = f"+7916123456{number}"
        await arrives(database, f"50{number}", agrees=number < 2, phone=phone)
    broadcast = await sent(both, "sms 1h delivered")
    first, second, refused = (await both.get(f"/broadcasts/{broadcast}/deliveries")).items
    await taken(database, first["id"], "a", state="delivered", cost="2.5", segments=1)
    await taken(database, second["id"], "b", cost="5.05", segments=2)

    report = (await both.get(f"/broadcasts/{broadcast}/report")).body
    capsys.readouterr()
    assert await print_report(broadcast, as_json=True) == 0
    assert json.loads(capsys.readouterr().out) == report
    cost = report.pop("cost")
    assert report == {
        "audience": 3,
        "states": {"accepted": 1, "delivered": 1, "skipped": 1},
        "channels": {"sms": 2},
        "reached": {"sms": 2},
        "skipped": {"no_consent": 1},
        "failed": {},
        "segments": 3,
        "twice": 0,
    }
    async with database.read() as work:
        assert cost == "7.55"
        assert Decimal(cost) == (await work.reports.of(broadcast)).cost
    assert (refused["state"], refused["attempts"]) == ("skipped", [])


async def test_a_line_has_its_tries(both: Caller) -> None:
    person = await arrives(both.house.database, "501", agrees=True, phone="+79161234567")
    broadcast = await sent(both, "sms")
    (line,) = (await both.get(f"/broadcasts/{broadcast}/deliveries")).items
    await taken(both.house.database, line["id"], "ref-1", cost="2.5", segments=1)
    (line,) = (await both.get(f"/broadcasts/{broadcast}/deliveries")).items
    (attempt,) = line.pop("attempts")
    assert line == {
        "id": line["id"],
        "person": person,
        "state": "accepted",
        "reason": None,
        "channel": "sms",
    }
    assert attempt.pop("started_at").endswith("Z")
    assert attempt == {
        "channel": "sms",
        "handle": str(line["id"] * 64),
        "to": "+79161234567",
        "state": "accepted",
        "reason": None,
        "reference": "ref-1",
        "cost": "2.5",
        "segments": 1,
    }


async def test_what_cost_nothing_is_told_as_nothing(both: Caller) -> None:
    await arrives(both.house.database, "501", agrees=True)
    broadcast = await sent(both, "telegram")
    (line,) = (await both.get(f"/broadcasts/{broadcast}/deliveries")).items
    await taken(both.house.database, line["id"], "ref-1")
    assert (await both.get(f"/broadcasts/{broadcast}/report")).body["cost"] == "0"
    (line,) = (await both.get(f"/broadcasts/{broadcast}/deliveries")).items
    assert [attempt["cost"] for attempt in line["attempts"]] == [None]


async def test_lines_page_by_id(both: Caller) -> None:
    people = [await arrives(both.house.database, str(number)) for number in range(500, 505)]
    broadcast = await sent(both, "telegram")
    found = await both.everything(f"/broadcasts/{broadcast}/deliveries", limit=2)
    assert [it["person"] for it in found] == people
    assert len({it["id"] for it in found}) == 5
