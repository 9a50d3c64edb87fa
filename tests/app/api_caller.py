"""A caller of the API that holds every answer against the published OpenAPI document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp.test_utils import TestClient
from jsonschema import Draft202012Validator
from multidict import CIMultiDictProxy

from app.wiring import House

KEY = "key-of-the-api-8c1f"
ROOT = "/api/v1"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    headers: CIMultiDictProxy[str]

    @property
    def items(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.body["items"]
        return listed

    @property
    def wrong(self) -> list[str]:
        """The places that a 422 names."""
        assert self.status == 422, self
        return [f"{error['in']}:{error['at']}" for error in self.body["errors"]]


@dataclass(frozen=True, slots=True)
class Caller:
    client: TestClient[Any, Any]
    house: House
    document: Mapping[str, Any]

    async def get(self, path: str, **query: Any) -> Answer:
        return await self.ask("GET", path, params=query)

    async def post(self, path: str, body: object = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {} if body is None else {"json": body}
        return await self.ask("POST", path, headers=named, **given)

    async def ask(self, method: str, path: str, **more: Any) -> Answer:
        headers = {"Authorization": f"Bearer {KEY}", **more.pop("headers", {})}
        async with self.client.request(method, f"{ROOT}{path}", headers=headers, **more) as got:
            answer = Answer(got.status, await got.json(content_type=None), got.headers)
        self._hold(method, f"{ROOT}{path}".partition("?")[0], answer)
        return answer

    async def everything(self, path: str, limit: int, **query: Any) -> list[dict[str, Any]]:
        """All pages of a list; every page but the last is full."""
        found: list[dict[str, Any]] = []
        while True:
            page = await self.get(path, limit=limit, **query)
            found += page.items
            if page.body["next"] is None:
                return found
            assert len(page.items) == limit
            query["cursor"] = page.body["next"]

    def _hold(self, method: str, path: str, answer: Answer) -> None:
        operation = self._operation(method, path)
        told = operation.get(str(answer.status), operation["default"])
        kind = answer.headers["Content-Type"].partition(";")[0]
        schema = told["content"][kind]["schema"]
        whole = {**schema, "components": self.document["components"]}
        Draft202012Validator(whole).validate(answer.body)

    def _operation(self, method: str, path: str) -> Mapping[str, Any]:
        """What the document says of the responses; of an unknown path, that of any problem."""
        for template, methods in self.document["paths"].items():
            pattern = re.sub(r"\{\w+\}", r"[0-9]{1,18}", template)
            if re.fullmatch(pattern, path) and method.lower() in methods:
                responses: Mapping[str, Any] = methods[method.lower()]["responses"]
                return responses
        elsewhere: Mapping[str, Any] = self.document["paths"][f"{ROOT}/people"]["get"]["responses"]
        return {"default": elsewhere["default"]}
