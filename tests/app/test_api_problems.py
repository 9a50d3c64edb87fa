import logging
from typing import Any

import pytest
import sqlalchemy as sa

from tests.app.api_caller import KEY, ROOT, Caller
from tests.app.api_people import arrives
from tests.app.conftest import Furnish


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Basic {KEY}",
        KEY,
        f"Bearer {KEY[:-1]}",
        f"Bearer {KEY}x",
        f"Bearer {KEY.upper()}",
        "Bearer ключ",
    ],
)
@pytest.mark.parametrize("path", ["/people", "/nothing", "/broadcasts/1/start"])
async def test_without_the_key_nothing_is_told(
    api: Caller, authorization: str | None, path: str
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    async with api.client.get(f"{ROOT}{path}", headers=headers) as got:
        assert got.status == 401
        assert got.headers["WWW-Authenticate"].startswith('Bearer realm="vestnik"')
        assert got.content_type == "application/problem+json"
        problem = await got.json(content_type=None)
    assert (problem["title"], problem["status"]) == ("Unauthorized", 401)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_scheme_has_no_case(api: Caller, scheme: str) -> None:
    answer = await api.ask("GET", "/people", headers={"Authorization": f"{scheme} {KEY}"})
    assert answer.status == 200


async def test_nothing_there(api: Caller) -> None:
    answer = await api.get("/nothing")
    assert answer.body == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address.",
    }


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/people", {"GET"}),
        ("PUT", "/broadcasts", {"GET", "POST"}),
        ("GET", "/messages", {"POST"}),
        ("GET", "/broadcasts/1/start", {"POST"}),
        ("POST", "/broadcasts/1/report", {"GET"}),
    ],
)
async def test_a_method_that_is_not_taken(
    api: Caller, method: str, path: str, allowed: set[str]
) -> None:
    answer = await api.ask(method, path)
    assert (answer.status, set(answer.headers["Allow"].split(","))) == (405, allowed)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"segment": "\\ud800"}',
        b"[" * 100_000,
        b'{"segment":' * 300 + b"1" + b"}" * 300,
    ],
)
async def test_what_is_no_json(api: Caller, body: bytes) -> None:
    headers = {"Content-Type": "application/json; charset=martian"}
    answer = await api.ask("POST", "/segments/count", data=body, headers=headers)
    assert (answer.status, answer.body["title"]) == (400, "Bad Request")
    assert "Traceback" not in str(answer.body)


async def test_what_is_no_number_in_json(api: Caller) -> None:
    answer = await api.ask("POST", "/segments/count", data=b'{"segment": NaN}')
    assert answer.wrong == ["body:segment"]


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b'"{}"'])
async def test_json_that_is_no_object(api: Caller, body: bytes) -> None:
    answer = await api.ask("POST", "/segments/count", data=body)
    assert answer.wrong == ["body:"]


async def test_a_body_that_is_too_large(api: Caller) -> None:
    fits = b'{"segment": {}' + b" " * (256 * 1024 - 15) + b"}"
    assert (await api.ask("POST", "/segments/count", data=fits)).status == 200
    answer = await api.ask("POST", "/segments/count", data=fits + b" ")
    assert (answer.status, answer.body["title"]) == (413, "Request Entity Too Large")


async def test_a_large_body_in_pieces(api: Caller) -> None:
    async def pieces() -> Any:
        for _ in range(1024):
            yield b" " * 1024

    answer = await api.ask("POST", "/segments/count", data=pieces())
    assert answer.status == 413


async def test_a_body_that_is_not_encoded_as_it_says(api: Caller) -> None:
    headers = {"Content-Encoding": "gzip"}
    answer = await api.ask("POST", "/segments/count", data=b'{"segment": {}}', headers=headers)
    assert answer.status == 400


async def test_all_wrong_places_are_named(api: Caller) -> None:
    answer = await api.post("/broadcasts", {"segment": {"channel": 1}, "text": 2, "x": 3})
    assert sorted(answer.wrong) == ["body:segment.channel", "body:text", "body:x"]
    assert answer.body["type"] == "urn:vestnik:problem:invalid"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/people", None),
        ("POST", "/segments/count", {"segment": {}}),
        ("POST", "/broadcasts", {"segment": {}, "text": "Скидки"}),
    ],
)
async def test_while_the_database_is_away(
    furnish: Furnish, unused_tcp_port: int, method: str, path: str, body: object
) -> None:
    api = await furnish(f"postgresql://nobody@127.0.0.1:{unused_tcp_port}/nowhere")
    answer = await api.ask(method, path, json=body)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "nowhere" not in str(answer.body)


async def test_what_breaks_in_us_is_logged_and_not_told(
    api: Caller, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await arrives(api.house.database, "501", city="Казань")
    async with api.house.database.begin() as work:
        await work.connection.execute(sa.text("DROP TABLE answers"))
    answer = await api.get("/people")
    assert answer.body == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something broke here; the server's log tells what.",
    }
    logged = "".join(capfd.readouterr())
    assert "api_failed" in logged
    assert KEY not in logged + caplog.text


async def test_the_key_is_in_no_log(
    api: Caller, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await api.get("/people")
    await api.get("/nothing", key=KEY)
    await api.post("/segments/count", {"segment": {KEY: 1}})
    async with api.client.get(f"{ROOT}/people", headers={"Authorization": f"Bearer {KEY}x"}):
        pass
    assert KEY not in "".join(capfd.readouterr()) + caplog.text


async def test_answers_are_for_no_cache(api: Caller) -> None:
    assert (await api.get("/people")).headers["Cache-Control"] == "no-store"
