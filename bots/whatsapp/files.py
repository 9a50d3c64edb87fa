"""Files of ours that go up to Meta, and files of people that come down."""

import asyncio
import mimetypes
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from yarl import URL

from bots.whatsapp.errors import judge
from bots.whatsapp.graph import Graph, Lost, Overlong, Unsent
from bots.whatsapp.settings import LIMITS
from vestnik.abilities import FileMissing
from vestnik.outbound import File, MediaKind
from vestnik.outcome import Ambiguous, Rejected, SendResult, Temporary, Upload

# business-phone-numbers/media: an uploaded file lives for 30 days.
GOOD_FOR = timedelta(days=29)
LONGEST_FILE = 20 * 2**20

# Between an id of Meta's and the name of the file, which a message with a document has to repeat:
# once a file is known by its id, nothing else of it comes along.
_NAMED = " "

_MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


class Uploads:
    """The files of one batch: each goes up once, however many messages show it."""

    def __init__(self, graph: Graph, phone_id: str) -> None:
        self._graph = graph
        self._path = f"{phone_id}/media"
        self._under_way = asyncio.Lock()
        self._done: dict[str, Upload | SendResult] = {}

    async def of(self, key: str, kind: MediaKind, file: File) -> Upload | SendResult:
        """The file at Meta, or why it is not there; no message has been sent then."""
        takes = LIMITS.files.get(kind)
        most = takes.most_bytes if takes else LONGEST_FILE
        if len(file.content) > most:
            return Rejected(f"{kind}_over_{most}_bytes")
        async with self._under_way:
            if key not in self._done:
                self._done[key] = await self._upload(file)
            return self._done[key]

    async def _upload(self, file: File) -> Upload | SendResult:
        try:
            answer = await self._graph.upload(self._path, file)
        except (Unsent, Lost) as why:
            return Temporary(str(why))
        match answer.json():
            case {"id": str(known)} if answer.status == 200 and known:
                return Upload(named(known, file.name), datetime.now(UTC) + GOOD_FOR)
            case _:
                result = judge(answer.status, answer.refusal, answer.wait)
                return Temporary(result.code) if isinstance(result, Ambiguous) else result


def named(media_id: str, name: str) -> str:
    """What we know a file at Meta by: its id and its name."""
    return f"{media_id}{_NAMED}{name}" if name else media_id


def id_and_name(known: str) -> tuple[str, str]:
    """Meta's own id of a file and the file's name, which is empty where nobody told it."""
    media_id, _, name = known.partition(_NAMED)
    return media_id, name


async def fetch(graph: Graph, media_id: str, scheme: str) -> File:
    """A file by its id, downloaded by `scheme` from where Meta says; raises FileMissing."""
    media_id, _ = id_and_name(media_id)
    if not _MEDIA_ID.fullmatch(media_id):
        raise FileMissing("this is no id of WhatsApp's")
    try:
        told = await graph.get(media_id, {})
        if refusal := told.refusal:
            raise FileMissing(f"Meta refuses: {refusal.detail} (code {refusal.code})")
        url, kind = _where(told.json(), scheme)
        answer = await graph.download(url, LONGEST_FILE)
    except Overlong:
        raise FileMissing(f"the file is longer than {LONGEST_FILE} bytes") from None
    except (Unsent, Lost) as why:
        raise FileMissing(f"Meta cannot be reached ({why})") from None
    if answer.status != 200:
        raise FileMissing(f"Meta answers HTTP {answer.status} instead of the file")
    ending = mimetypes.guess_extension(kind.partition(";")[0].strip()) or ""
    return File(f"{media_id}{ending}", kind, answer.body)


def _where(told: dict[str, object], scheme: str) -> tuple[URL, str]:
    match told:
        case {"url": str(url), "mime_type": str(kind)}:
            with suppress(ValueError):
                where = URL(url, encoded=True)  # it is signed: not a byte of it may change
                if where.scheme == scheme and where.host and where.user is None:
                    return where, kind
        case _:
            pass
    raise FileMissing("Meta does not say where the file is")
