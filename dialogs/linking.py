"""One person on several messengers: linked by a code that one shows and the other sends."""

import re
import secrets
from dataclasses import dataclass

from dialogs.choosing import NEW
from dialogs.heard import Hearing
from dialogs.languages import Languages
from dialogs.lines import brand
from dialogs.talk import Talks
from dialogs.uniting import part, unite
from dialogs.wishes import Choose, Wish, choose
from vestnik.inbound import TextReceived
from vestnik.outbound import Button, CopyButton, Text
from vestnik.richtext import RichText

PURPOSE = "link"
"""Of the nonces that link."""

# No letter or digit that is taken for another: 8 of 32 are beyond guessing.
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE = re.compile(rf"\s*([{_SIGNS}]{{4}})[ -]?([{_SIGNS}]{{4}})\s*", re.IGNORECASE)


def code_in(text: str) -> str | None:
    """The code that a whole message is, as it was shown; None for any other message."""
    match = _CODE.fullmatch(text)
    return f"{match[1]}-{match[2]}".upper() if match else None


@dataclass(frozen=True, slots=True)
class Linking:
    """Links by proof alone: whoever sends the code has seen the other messenger's screen.

    The other side is asked before anything is linked: a code may have been foisted on them.
    """

    talks: Talks
    languages: Languages

    async def offered(self, hearing: Hearing) -> Text:
        """A new code, and how it links."""
        shown = "".join(secrets.choice(_SIGNS) for _ in range(8))
        code = f"{shown[:4]}-{shown[4:]}"
        await hearing.work.drafts.new_nonce(PURPOSE, str(hearing.known.person_id), code)
        text, rich, language = self.languages.text, self.languages.rich, hearing.language
        body = rich(
            language,
            "Open our bot in the other messenger and send it this code:\n\n**{code}**\n\n"
            "It works once, within an hour. Give it to nobody else.",
            code=code,
        )
        back = Button(text(language, "Back"), Wish.SETTINGS)
        return Text(body, (CopyButton(text(language, "Copy the code"), code), back))

    async def heard(self, hearing: Hearing) -> bool:
        """Ask whether to link, where a code of somebody else was sent; false for anything else."""
        sent = code_in(hearing.inbound.text) if isinstance(hearing.inbound, TextReceived) else None
        owner = sent and await hearing.work.drafts.subject_of(sent, PURPOSE)
        if not sent or not owner or int(owner) == hearing.known.person_id:
            return False
        text, rich, language = self.languages.text, self.languages.rich, hearing.language
        addresses = await hearing.work.people.addresses(int(owner))
        where = ", ".join(dict.fromkeys(brand(it.address.channel) for it in addresses))
        body = rich(
            language,
            "Link this messenger with the one that showed you the code ({where})? Whoever holds "
            "it will see **your data and settings**. If somebody else gave you the code, do not.",
            where=where,
        )
        buttons = (
            Button(text(language, "Yes, it is mine"), choose("link", sent)),
            Button(text(language, "No"), Wish.KEEP),
        )
        await self.talks.say(hearing.talk, Text(body, buttons))
        return True

    async def link(self, hearing: Hearing, code: str) -> Text:
        """Link, once, what the code's owner and this address are; or offer a new code."""
        if code == NEW:
            return await self.offered(hearing)
        work, known, language = hearing.work, hearing.known, hearing.language
        actor = f"customer:{known.address.lane}"
        use, owner = await work.drafts.use_nonce(code, PURPOSE, actor)
        if use != "first" or await work.people.person(int(owner)) is None:
            return Text(RichText(self.languages.text(language, "This code is out of date.")))
        if int(owner) != known.person_id:
            await unite(work, known.person_id, int(owner), actor)
        done = self.languages.text(
            language, "Done: we know now that it is you here and there. Your settings hold in both."
        )
        return Text(RichText(done), (self._settings(language),))

    async def unlink(self, hearing: Hearing, wish: Choose) -> None:
        """Part the person's addresses on a messenger from them, but the one they write from."""
        actor = f"customer:{hearing.known.address.lane}"
        for known in await hearing.work.people.addresses(hearing.known.person_id):
            if known.address.channel == wish.value and known.id != hearing.known.id:
                await part(hearing.work, known, actor)

    def _settings(self, language: str) -> Button:
        return Button(self.languages.text(language, "Settings"), Wish.SETTINGS)
