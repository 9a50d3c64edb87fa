"""A foreign client against the emulated Cloud API: pywa as its authors ship it, sent here by httpx.

It is imported when a test asks for it: it takes long, and warns while it loads.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import httpx

from emulators.whatsapp import WhatsAppSettings
from emulators.world import Human
from tests.emulators.stagehand import eventually
from tests.emulators.whatsapp_stage import (
    ANNA,
    PHONE_ID,
    SETTINGS,
    VERSION,
    WABA_ID,
    Stage,
    on_stage,
)

META = "graph.facebook.com"
# pywa reads the first update of a webhook alone, so that each has a webhook of its own.
SINGLE = replace(SETTINGS, batch=1)
HANDLERS = {
    "message": "MessageHandler",
    "edited_message": "EditedMessageHandler",
    "deleted_message": "DeletedMessageHandler",
    "outgoing_message": "OutgoingMessageHandler",
    "callback_button": "CallbackButtonHandler",
    "callback_selection": "CallbackSelectionHandler",
    "phone_number_change": "PhoneNumberChangeHandler",
    "user_marketing_preferences": "UserMarketingPreferencesHandler",
    "template_status_update": "TemplateStatusUpdateHandler",
    "template_category_update": "TemplateCategoryUpdateHandler",
    "template_quality_update": "TemplateQualityUpdateHandler",
    "account_update": "AccountUpdateHandler",
}


class Redirected(httpx.AsyncHTTPTransport):
    """Takes what is meant for Meta to the emulator."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = httpx.URL(base)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == META:
            request.url = self._base.copy_with(raw_path=b"/whatsapp" + request.url.raw_path)
            request.headers["Host"] = request.url.netloc.decode()
        return await super().handle_async_request(request)


@dataclass
class Foreign:
    """The emulator, and pywa's client of it."""

    stage: Stage
    client: Any
    pywa: Any
    fed: int = 0

    @property
    def types(self) -> Any:
        return self.pywa.types

    def opened(self) -> None:
        """Anna's window is open."""
        self.stage.whatsapp.opened(ANNA.wa_id)

    async def hears(self, what: str, gesture: str, who: Human = ANNA, /, **told: Any) -> Any:
        """What pywa's handler of that name is given when this gesture is made."""
        heard: list[Any] = []

        async def keep(_client: Any, update: Any) -> None:
            heard.append(update)

        handler = getattr(self.pywa.handlers, HANDLERS[what])(keep)
        self.client.add_handlers(handler)
        await self.stage.gesture(gesture, who, **told)
        await self.feed(lambda: bool(heard))
        self.client.remove_handlers(handler)
        return heard[0]

    async def feed(self, enough: Callable[[], bool]) -> None:
        """Give pywa the webhooks as they come, each with its signature, until it had enough."""
        receiver = self.stage.receiver
        while not enough():
            await eventually(lambda: len(receiver.bodies) > self.fed)
            body, proof = receiver.bodies[self.fed], receiver.proofs[self.fed]
            self.fed += 1
            assert await self.client.webhook_update_validator(body, proof) is None
            assert await self.client.webhook_update_handler(body) == ("ok", 200)


@asynccontextmanager
async def foreign(settings: WhatsAppSettings = SINGLE) -> AsyncIterator[Foreign]:
    """The emulator with one update a webhook, and a client of pywa's."""
    pywa = import_module("pywa_async")
    import_module("pywa_async.types.templates")
    async with on_stage(settings) as stage:
        session = httpx.AsyncClient(transport=Redirected(stage.base))
        client = pywa.WhatsApp(
            phone_id=PHONE_ID,
            waba_id=WABA_ID,
            token=SETTINGS.token,
            session=session,
            server=None,
            app_secret=SETTINGS.app_secret,
            verify_token=SETTINGS.verify_token,
            api_version=VERSION.removeprefix("v"),
        )
        try:
            yield Foreign(stage, client, pywa)
        finally:
            await session.aclose()
