"""Registers our webhook with the community, or switches its long poll on."""

from collections.abc import Mapping, Sequence
from typing import Any

from bots.vk.api import Api
from bots.vk.errors import CallFailed
from bots.vk.read import EVENTS
from vestnik.abilities import SetupFailed

VERSION = "5.199"
TITLE = "Vestnik"  # 14 characters at most (vk-api-schema, groups.addCallbackServer)
# Parameters of groups.setCallbackSettings and groups.setLongPollSettings.
_WISHES = {"api_version": VERSION, **dict.fromkeys(EVENTS, 1)}
_ADVICE = (
    "check VK_TOKEN (a community's key with the rights to messages and management), VK_GROUP_ID,"
    " and that the community allows messages and bots"
)


class Community:
    """The settings of the community at VK. Everything raises SetupFailed."""

    def __init__(self, api: Api, group_id: int) -> None:
        self._api = api
        self._group_id = group_id

    async def confirmation(self) -> str:
        """What VK wants to hear when it asks whether a server is ours."""
        return str(_field(await self._call("groups.getCallbackConfirmationCode"), "code"))

    async def listen(self, url: str, secret: str) -> None:
        """Have events brought to the address; VK asks it for confirmation at once."""
        server = {"url": url, "title": TITLE, "secret_key": secret}
        known = await self._server_at(url)
        if known is None:
            answer = await self._call("groups.addCallbackServer", **server)
            number = int(_field(answer, "server_id"))
        else:
            number = int(_field(known, "id"))
            await self._call("groups.editCallbackServer", server_id=number, **server)
        await self._call("groups.setCallbackSettings", server_id=number, **_WISHES)
        registered = await self._server_at(url)
        if registered and registered.get("status") == "failed":
            raise SetupFailed(f"VK got no confirmation from {url}: can it be reached from outside?")

    async def keep_for_polling(self) -> None:
        """Have events kept until they are fetched."""
        await self._call("groups.setLongPollSettings", enabled=1, **_WISHES)

    async def name(self) -> str:
        """What the community is called."""
        groups = _list(await self._call("groups.getById"), "groups")
        return str(_field(groups[0] if groups else None, "name"))

    async def _server_at(self, url: str) -> Mapping[str, Any] | None:
        servers = _list(await self._call("groups.getCallbackServers"), "items")
        return next((each for each in servers if _field(each, "url") == url), None)

    async def _call(self, method: str, **params: Any) -> Any:
        try:
            return await self._api.call(method, {"group_id": self._group_id, **params})
        except CallFailed as failed:
            raise SetupFailed(f"{failed}; {_ADVICE}") from failed


def _field(item: object, name: str) -> Any:
    if not isinstance(item, Mapping) or name not in item:
        raise SetupFailed(f"VK's answer has no {name}: is VK_API_URL VK's API?")
    return item[name]


def _list(item: object, name: str) -> Sequence[Any]:
    found = _field(item, name)
    return found if isinstance(found, list) else ()
