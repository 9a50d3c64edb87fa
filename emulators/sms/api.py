"""The gateway's HTTP API: `sys/send.php`, `sys/status.php`, `sys/balance.php`, `rest/send/`."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from emulators.clock import Clock
from emulators.faults import Fault
from emulators.lost import lose
from emulators.sms.errors import MessageId, Reply, SmscError
from emulators.sms.gateway import Gateway
from emulators.sms.messages import NAMES, NOT_FOUND, Sms, written
from emulators.sms.operator import PLATFORM, Operator
from emulators.sms.requests import (
    Params,
    SendRequest,
    check,
    from_form,
    from_json,
    number,
    raw_form,
    read_send,
)
from emulators.sms.settings import SmsSettings
from emulators.tokens import same
from emulators.world import World

Method = Callable[[Params], Awaitable[Reply]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Api:
    """The routes below `/sms`; methods of faults are send, status and balance (and report).

    An `error` fault has a `code` (1 to 9), and optionally a `text`.
    """

    def __init__(
        self,
        world: World,
        settings: SmsSettings,
        clock: Clock,
        gateway: Gateway,
        operator: Operator,
    ) -> None:
        self._world = world
        self._settings = settings
        self._clock = clock
        self._gateway = gateway
        self._operator = operator

    def application(self) -> web.Application:
        """All routes; the scripts take GET and POST."""
        app = web.Application()
        for path, name, method in (
            ("/sys/send.php", "send", self.send),
            ("/sys/status.php", "status", self.status),
            ("/sys/balance.php", "balance", self.balance),
        ):
            app.router.add_get(path, self._handler(name, method))
            app.router.add_post(path, self._handler(name, method))
        app.router.add_post("/rest/send/", self._handler("send", self.send, rest=True))
        return app

    async def send(self, params: Params) -> Reply:
        """Send a text, or (cost=1) only tell its price."""
        self._gateway.hold_to_rate()
        wanted = read_send(params, self._settings.sender, self._clock.now())
        if wanted.cost == "1":
            return self._priced(wanted)
        message_id = wanted.own_id or self._gateway.next_id()
        self._gateway.check(wanted, message_id)
        self._gateway.refuse_duplicate(wanted)
        accepted = self._gateway.accept(wanted, message_id)
        if self._settings.report_first:
            for sms in accepted:
                await self._operator.deliver_at_once(sms)
        return self._sent(wanted, message_id, accepted)

    async def status(self, params: Params) -> Reply:
        """What became of a message; lists of phones and ids get a list of answers."""
        phones, ids = params.get("phone", "").split(","), params.get("id", "").split(",")
        if len(phones) != len(ids) or not all(phones) or not all(ids):
            raise SmscError(1)
        full = params.get("all", "0") != "0"
        found = [
            (phone, message_id, self._gateway.find(message_id, number(phone)))
            for phone, message_id in zip(phones, ids, strict=True)
        ]
        if len(found) == 1:
            return _state(found[0][2], full=full)
        replies = [(phone, key, _state(sms, full=full)) for phone, key, sms in found]
        return Reply(
            "\n".join(reply.plain for _, _, reply in replies),
            "\n".join(f"{reply.commas},{key},{phone}" for phone, key, reply in replies),
            [reply.json | {"id": key, "phone": phone} for phone, key, reply in replies],
        )

    async def balance(self, params: Params) -> Reply:
        """What is left on the account."""
        left = f"{self._gateway.balance:.2f}"
        if params.get("cur", "0") == "0":
            return Reply(left, left, {"balance": left})
        currency = self._settings.currency
        told = {"balance": left, "currency": currency}
        return Reply(f"{left} {currency}", f"{left},{currency}", told)

    def _handler(self, name: str, method: Method, *, rest: bool = False) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            raw = "" if rest else await raw_form(request)
            fmt = "3" if rest else dict(parse_qsl(raw)).get("fmt", "0")
            try:
                params = from_json(await request.read()) if rest else from_form(raw)
                check(params, name)
            except SmscError as error:
                return error.reply().response(fmt)
            fault = self._world.faults.take(PLATFORM, name, _recipient(params))
            if fault is None:
                return await self._answer(method, params, fmt)
            return await self._spoil(fault, request, method, params, fmt)

        return handle

    async def _spoil(
        self, fault: Fault, request: web.Request, method: Method, params: Params, fmt: str
    ) -> web.Response:
        if fault.kind == "error":
            told = fault.fields
            message_id = self._gateway.next_id()
            refusal = SmscError(int(told.get("code", 9)), told.get("text"), message_id)
            return refusal.reply().response(fmt)
        if fault.accepts:
            await self._answer(method, params, fmt)
        return await lose(request, fault)

    async def _answer(self, method: Method, params: Params, fmt: str) -> web.Response:
        try:
            self._authenticate(params)
            reply = await method(params)
        except SmscError as error:
            reply = error.reply()
        return reply.response(fmt)

    def _authenticate(self, params: Params) -> None:
        settings = self._settings
        if "apikey" in params:
            known = same(params["apikey"], settings.apikey)
        else:
            known = same(params.get("login", ""), settings.login)
            known &= same(params.get("psw", ""), settings.password)
        if not known:
            raise SmscError(2)

    def _priced(self, wanted: SendRequest) -> Reply:
        parts, each = self._gateway.price(wanted)
        cost, total = f"{each * len(wanted.phones):.2f}", parts * len(wanted.phones)
        return Reply(f"{cost} ({total} SMS)", f"{cost},{total}", {"cost": cost, "cnt": total})

    def _sent(self, wanted: SendRequest, message_id: MessageId, accepted: list[Sms]) -> Reply:
        parts = accepted[0].segments
        told: dict[str, Any] = {"id": message_id, "cnt": parts}
        if wanted.cost in ("2", "3"):
            told["cost"] = f"{sum(sms.cost for sms in accepted):.2f}"
        if wanted.cost == "3":
            told["balance"] = f"{self._gateway.balance:.2f}"
        commas = ",".join(str(value) for value in told.values())
        if wanted.each:
            good = [{"phone": _bare(sms.phone), "cost": f"{sms.cost:.2f}"} for sms in accepted]
            told["phones"] = good + [{"phone": phone, "error": "7"} for phone in wanted.invalid]
        total = parts * len(accepted)
        return Reply(f"OK - {total} SMS, ID - {message_id}", commas, told)


def _state(sms: Sms | None, *, full: bool) -> Reply:
    if sms is None:
        return Reply(f"Status = {NOT_FOUND}", f"{NOT_FOUND},0,0", {"status": NOT_FOUND})
    moment, date = int(sms.changed_at), written(sms.changed_at)
    told: dict[str, Any] = {
        "status": sms.status,
        "last_date": date,
        "last_timestamp": moment,
        "err": sms.error,
    }
    if full:
        told |= {
            "send_date": written(sms.sent_at),
            "send_timestamp": int(sms.sent_at),
            "phone": _bare(sms.phone),
            "cost": f"{sms.cost:.2f}",
            "sender_id": sms.sender,
            "status_name": NAMES.get(sms.status, ""),
            "message": sms.text,
        }
    return Reply(
        f"Status = {sms.status}, check_time = {date}, err = {sms.error}",
        f"{sms.status},{moment},{sms.error}",
        told,
    )


def _recipient(params: Params) -> str | None:
    first = (params.get("phones") or params.get("phone") or "").replace(";", ",").split(",")[0]
    return number(first)


def _bare(phone: str) -> str:
    return phone.removeprefix("+")
