"""Says messages: to several people by one call, or by one script of a call each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bots.vk import render
from bots.vk.api import Api
from bots.vk.batch import outcomes, pauses_all, random_id
from bots.vk.errors import UNEDITABLE, UNREAD_SCRIPT, CallFailed, lost
from bots.vk.packing import parts
from bots.vk.reference import Foreign
from bots.vk.render import Params
from bots.vk.script import results, script
from bots.vk.settings import CALLS_A_REQUEST, Intent
from bots.vk.suit import objection, suit
from bots.vk.upload import Uploads
from vestnik.fit import Unfit
from vestnik.outbound import Outbound, Send, Text
from vestnik.outcome import Declined, Rejected, SendResult, Sent, Unreachable, Upload

DEFAULT: Intent = "default"
FOREIGN = "foreign_reference"
# After these a message that was to take another's place is said anew.
SAY_ANEW = frozenset((FOREIGN, *map(str, UNEDITABLE)))


@dataclass(frozen=True, slots=True)
class Ready:
    """A message as it is asked for, whom it is for, and VK's names of the files in it."""

    peer: str
    handle: str
    params: Params
    names: Mapping[str, str]

    def asked_for(self, *peers: str) -> Params:
        """The parameters of messages.send."""
        told: Params = {"peer_ids": ",".join(peers), "random_id": random_id(self.handle)}
        return self.params | told

    def without_intent(self) -> "Ready":
        """The same as VK's default intent, a request of its own."""
        params = {name: value for name, value in self.params.items() if name != "intent"}
        return replace(self, handle=self.handle and f"{self.handle}:{DEFAULT}", params=params)

    def outcome(self, answer: SendResult) -> SendResult:
        """The answer, with the files that VK knows now."""
        uploads = {key: Upload(name) for key, name in self.names.items()}
        return replace(answer, uploads=uploads) if isinstance(answer, Sent) else answer


class Speaker:
    """The messages of one batch, and edits; `intent` is what VK is told that broadcasts are."""

    def __init__(self, api: Api, intent: Intent) -> None:
        self._api = api
        self._intent = intent
        self._uploads = Uploads(api)

    async def say(self, items: Sequence[Send], *, together: bool) -> Sequence[SendResult]:
        """New messages, one result an item; `together` those that are told the same.

        What VK refuses for its intent is asked for once more without: nothing had been sent.
        """
        told = [await self._ready(item, item.outbound) for item in items]
        ready = [each for each in told if isinstance(each, Ready)]
        answers = await self._ask(ready, together)
        declined = [
            place
            for place, answer in enumerate(answers)
            if isinstance(answer, Declined) and "intent" in ready[place].params
        ]
        again = await self._ask([ready[place].without_intent() for place in declined], together)
        for place, answer in zip(declined, again, strict=True):
            answers[place] = answer
        came = iter(answers)
        return [next(came) if isinstance(each, Ready) else each for each in told]

    async def edit(self, item: Send, reference: str, text: Text) -> SendResult:
        """An earlier message changed."""
        ready = await self._ready(item, text, edit=True)
        if not isinstance(ready, Ready):
            return ready
        try:
            params = ready.params | render.which(reference) | {"peer_id": ready.peer}
            await self._api.call("messages.edit", params)
        except Foreign as error:
            return Rejected(FOREIGN, str(error))
        except CallFailed as failed:
            if failed.code in UNEDITABLE and not isinstance(failed.result, Rejected):
                return Rejected(str(failed.code), str(failed))
            return failed.result
        return ready.outcome(Sent(reference))

    async def say_in_place(self, item: Send, reference: str, text: Text) -> SendResult:
        """A message in the place of an earlier one, or anew where VK cannot have it there."""
        suited = suit(text, item.recipient.shows)
        # A keyboard under the field comes with new messages only.
        if isinstance(suited, Unfit) or suited.form != "under":
            edited = await self.edit(item, reference, text)
            if not isinstance(edited, Rejected) or edited.code not in SAY_ANEW:
                return edited
        anew = replace(item, outbound=replace(text, replaces=None))
        (said,) = await self.say([anew], together=False)
        return said

    async def _ready(self, item: Send, text: Outbound, *, edit: bool = False) -> Ready | SendResult:
        """The message as it is asked for; or why it cannot be, nothing being sent."""
        if not isinstance(text, Text):
            return Rejected("template", "VK has no templates")
        suited = suit(text, item.recipient.shows, edit=edit)
        if isinstance(suited, Unfit):
            # Whoever has an app that shows more can be told.
            return Rejected("unfit", suited.why) if objection(text) else Declined("unfit")
        peer, params = item.address.handle, Params()
        try:
            names = await self._uploads.names(item, render.files(suited.text))
            params |= render.content(suited, names)
            if text.reply_to and not edit:
                params |= render.quote(peer, text.reply_to)
            # Else half a character would fail for everybody in its request.
            "".join(map(str, params.values())).encode()
        except Foreign as error:
            return Rejected(FOREIGN, str(error))
        except UnicodeEncodeError as error:
            return lost(error)
        except CallFailed as failed:
            return failed.result
        if item.bulk and self._intent != DEFAULT and not edit:
            params["intent"] = self._intent
        return Ready(peer, item.handle, params, names)

    async def _ask(self, ready: Sequence[Ready], together: bool) -> list[SendResult]:
        if not ready:
            return []
        if together or len(ready) == 1:
            return await self._together(ready)
        return await self._each(ready)

    async def _together(self, ready: Sequence[Ready]) -> list[SendResult]:
        peers = [each.peer for each in ready]
        try:
            answer = await self._api.call("messages.send", ready[0].asked_for(*peers))
        except CallFailed as failed:
            if len(ready) > 1 and isinstance(failed.result, Unreachable):
                # Refused whole because of one of them: nothing went out.
                return await self._each(ready)
            return [failed.result] * len(ready)
        return _outcomes(ready, outcomes(answer, peers))

    async def _each(self, ready: Sequence[Ready]) -> list[SendResult]:
        """One script after another, until VK wants a pause."""
        answers: list[SendResult] = []
        for part in parts(ready, CALLS_A_REQUEST):
            pause = next(filter(pauses_all, answers), None)
            answers += [pause] * len(part) if pause else await self._by_script(part)
        return answers

    async def _by_script(self, ready: Sequence[Ready]) -> list[SendResult]:
        peers = [each.peer for each in ready]
        code = script([each.asked_for(each.peer) for each in ready])
        try:
            values, errors = await self._api.execute(code)
        except CallFailed as failed:
            if failed.code == UNREAD_SCRIPT:
                return [answer for each in ready for answer in await self._together([each])]
            return [failed.result] * len(ready)
        return _outcomes(ready, results(values, errors, peers))


def _outcomes(ready: Sequence[Ready], answers: Sequence[SendResult]) -> list[SendResult]:
    return [each.outcome(answer) for each, answer in zip(ready, answers, strict=True)]
