import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from jsonschema import Draft202012Validator
from pydantic import SecretStr
from pytest_aiohttp.plugin import AiohttpClient

from app.web import application
from tests.app.api_caller import ROOT, Caller

PATHS = {
    "/people": {"get"},
    "/people/{person_id}": {"get"},
    "/people/{person_id}/messages": {"get"},
    "/segments/count": {"post"},
    "/broadcasts": {"get", "post"},
    "/broadcasts/{broadcast_id}": {"get"},
    "/broadcasts/{broadcast_id}/start": {"post"},
    "/broadcasts/{broadcast_id}/pause": {"post"},
    "/broadcasts/{broadcast_id}/resume": {"post"},
    "/broadcasts/{broadcast_id}/cancel": {"post"},
    "/broadcasts/{broadcast_id}/report": {"get"},
    "/broadcasts/{broadcast_id}/deliveries": {"get"},
    "/messages": {"post"},
    "/events": {"post"},
}


def operations(api: Caller) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in api.document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


async def test_it_needs_no_key_and_names_every_path(api: Caller) -> None:
    async with api.client.get(f"{ROOT}/openapi.json") as got:
        assert (got.status, got.content_type) == (200, "application/json")
        told = await got.json()
    assert {path: set(methods) for path, methods in told["paths"].items()} == {
        f"{ROOT}{path}": methods for path, methods in PATHS.items()
    }
    assert told["security"] == [{"key": []}]
    assert told["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


async def test_every_schema_is_one_and_every_reference_leads_somewhere(api: Caller) -> None:
    schemas = api.document["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    references = re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(api.document))
    assert references
    assert set(references) <= set(schemas)


async def test_every_operation_says_what_it_does_and_how_it_fails(api: Caller) -> None:
    for name, operation in operations(api):
        assert operation["description"], name
        assert all(it["description"] for it in operation["responses"].values()), name
        assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"]
        if "requestBody" in operation:
            assert operation["requestBody"]["required"], name


async def test_the_idempotency_key_goes_by_its_name(api: Caller) -> None:
    (key,) = api.document["paths"][f"{ROOT}/messages"]["post"]["parameters"]
    assert (key["in"], key["name"], key["required"]) == ("header", "Idempotency-Key", True)
    assert key["schema"]["maxLength"] == 128


async def test_its_examples_are_segments(api: Caller) -> None:
    examples = api.document["components"]["schemas"]["SegmentFilter"]["examples"]
    assert {} in examples
    for segment in examples:
        assert (await api.post("/segments/count", {"segment": segment})).status == 200


async def test_the_api_is_off_without_a_key(api: Caller, aiohttp_client: AiohttpClient) -> None:
    settings = api.house.settings.model_copy(update={"api_key": SecretStr("")})
    client = await aiohttp_client(application(replace(api.house, settings=settings)))
    async with client.get(f"{ROOT}/openapi.json") as got:
        assert got.status == 404
