"""Tells the business: collects updates for a moment, signs them, and delivers until taken."""

import secrets
from itertools import count

import aiohttp

from emulators.clock import Clock
from emulators.courier import Answer, Courier, Parcel, schedule
from emulators.road import Road, straight
from emulators.shares import Share
from emulators.timeline import Timeline
from emulators.whatsapp.bundles import Update, bundle
from emulators.whatsapp.settings import DAY, WhatsAppSettings
from emulators.whatsapp.signing import encode, signature

# At once, then less and less often, for seven days (whatsapp.md section 1.3).
PAUSES = (1.0, 5.0, 30.0, 120.0, 600.0, 3600.0, *[6 * 3600.0] * 27)
KEPT_SECONDS = 7 * DAY
CHALLENGE_SECONDS = 10.0


class NotVerified(RuntimeError):
    """The webhook did not answer the challenge; the text says what it answered."""


async def challenge(url: str, verify_token: str) -> None:
    """Ask a webhook whether it is ours (whatsapp.md section 1.1); raises NotVerified."""
    word = str(secrets.randbelow(10**10))
    query = {"hub.mode": "subscribe", "hub.challenge": word, "hub.verify_token": verify_token}
    timeout = aiohttp.ClientTimeout(total=CHALLENGE_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(url, params=query, allow_redirects=False) as response,
        ):
            status, body = response.status, await response.read()
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise NotVerified(f"HTTP Status Code = 0; {error}") from error
    if status != 200:
        raise NotVerified(f"HTTP Status Code = {status}")
    if body != word.encode():
        raise NotVerified("HTTP Status Code = 200; the challenge was not echoed")


class Webhooks:
    """Updates on their way; without an address they are dropped, as the platform does.

    The address of the number goes before that of the account, that before the app's.
    """

    def __init__(
        self, settings: WhatsAppSettings, clock: Clock, road: Road, timeline: Timeline
    ) -> None:
        self.url = settings.webhook_url
        self.override: str | None = None
        self.number_override: str | None = None
        self.subscribed = True
        self._settings = settings
        self._clock = clock
        self._timeline = timeline
        self._batch: list[Update] = []
        self._copies = Share(settings.duplicates)
        self._again = count()
        self._first = Courier(clock, road, taken=_taken, waits=schedule(()), after=self._retry)
        self._later = Courier(clock, straight, taken=_taken, waits=schedule(PAUSES))

    async def start(self) -> None:
        """Begin to deliver."""
        await self._first.start()
        await self._later.start()

    async def stop(self) -> None:
        """Drop what was not delivered yet."""
        self._batch.clear()
        await self._first.stop()
        await self._later.stop()

    def tell(self, update: Update) -> None:
        """Deliver an update with the next batch, and its duplicates with later ones."""
        if self._address is None:
            return
        self._collect(update)
        for copy in range(1, self._copies.due() + 1):
            delay = copy * (self._settings.batch_seconds + 0.01)
            self._timeline.after(delay, lambda: self._collect(update))

    @property
    def _address(self) -> str | None:
        return (self.number_override or self.override or self.url) if self.subscribed else None

    def _collect(self, update: Update) -> None:
        self._batch.append(update)
        if self._settings.batch_seconds <= 0:
            self._flush()
        elif len(self._batch) == 1:
            self._timeline.after(self._settings.batch_seconds, self._flush)

    def _flush(self) -> None:
        updates, self._batch = self._batch, []
        url = self._address
        if url is None:
            return
        size = self._settings.batch
        for start in range(0, len(updates), size):
            self._first.send("webhooks", self._parcel(url, updates[start : start + size]))

    def _parcel(self, url: str, updates: list[Update]) -> Parcel:
        body = encode(bundle(updates, self._settings), escaped=self._settings.escaped)
        return Parcel(
            url=url,
            body=body,
            headers={
                "Content-Type": "application/json",
                "User-Agent": "facebookexternalua",
                "X-Hub-Signature-256": signature(self._settings.app_secret, body),
            },
            expires_at=self._clock.now() + KEPT_SECONDS,
        )

    async def _retry(self, parcel: Parcel, answer: Answer) -> None:
        """A webhook that was not taken waits on its own; the next ones need not wait for it."""
        if not _taken(answer):
            self._later.send(f"again {next(self._again)}", parcel)


def _taken(answer: Answer) -> bool:
    return answer.status == 200
