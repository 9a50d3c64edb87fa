"""Says one thing to one person: the pace, the file, the request, and what came of it."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bots.whatsapp.errors import judge
from bots.whatsapp.files import Uploads
from bots.whatsapp.graph import Answer, Graph, Lost, Unsent
from bots.whatsapp.layout import Body, Unsayable
from bots.whatsapp.pairs import Pairs
from bots.whatsapp.render import recipient, render, seen
from vestnik.outbound import (
    Acknowledge,
    Edit,
    File,
    Media,
    MediaKind,
    Message,
    Seen,
    Send,
    Text,
)
from vestnik.outcome import Ambiguous, Rejected, SendResult, Sent, Temporary, Throttled, Upload

log = logging.getLogger(__name__)


class Sender:
    """Speaks as one business number."""

    def __init__(self, graph: Graph, phone_id: str, pairs: Pairs | None = None) -> None:
        self._graph = graph
        self._path = f"{phone_id}/messages"
        self._pairs = pairs or Pairs()

    async def send(self, send: Send, uploads: Uploads) -> SendResult:
        """One of a batch, whose files go up together."""
        match send.outbound:
            case Acknowledge():
                return Sent("")
            case Edit():
                return Rejected("edit_unsupported")
            case Seen() as mark:
                return await self._post(seen(mark), marked)
            case said:
                return await self._say(send, said, uploads)

    async def _say(self, send: Send, said: Message, uploads: Uploads) -> SendResult:
        (whom,) = recipient(send.address.handle, send.recipient).values()
        if wait := self._pairs.wait(whom):
            return Throttled(wait, "address")
        kept: dict[str, Upload] = {}
        for key, kind in _new(said, send.files):
            known = await uploads.of(key, kind, send.files[key])
            if not isinstance(known, Upload):
                return known
            kept[key] = known
        try:
            body = render(send, _with_ids(said, kept))
        except Unsayable as why:
            return Rejected(str(why))
        self._pairs.count(whom)
        result = await self._post(body, accepted)
        return replace(result, uploads=kept) if isinstance(result, Sent) and kept else result

    async def _post(self, body: Body, taken: Callable[[Answer], SendResult]) -> SendResult:
        try:
            answer = await self._graph.post(self._path, body)
        except Unsent as why:
            return Temporary(str(why))
        except Lost as why:
            return Ambiguous(str(why))
        if answer.status == 200:
            return taken(answer)
        refusal = answer.refusal
        if refusal:
            log.info("refused by Meta: code %s, fbtrace_id %s", refusal.code, refusal.trace)
        return judge(answer.status, refusal, answer.wait)


def accepted(answer: Answer) -> SendResult:
    """What a success says of a message."""
    match answer.json().get("messages"):
        case [{"id": str(message_id)}, *_] if message_id:
            return Sent(message_id)
        case _:
            return Ambiguous("unreadable")


def marked(answer: Answer) -> SendResult:
    """What a success says of a read mark."""
    return Sent("") if answer.json().get("success") is True else Ambiguous("unreadable")


def _new(said: Message, files: Mapping[str, File]) -> Iterator[tuple[str, MediaKind]]:
    """The files of ours that the message shows and Meta does not know yet."""
    for media in said.media if isinstance(said, Text) else ():
        if media.file and media.id is None and media.file in files:
            yield media.file, media.kind


def _with_ids(said: Message, known: Mapping[str, Upload]) -> Message:
    if not isinstance(said, Text):
        return said
    media = (replace(it, id=_id(it, known)) for it in said.media)
    return replace(said, media=tuple(media))


def _id(media: Media, known: Mapping[str, Upload]) -> str | None:
    upload = known.get(media.file) if media.file else None
    return upload.id if upload else media.id
