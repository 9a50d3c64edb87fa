"""The preference centre: shows people's settings, takes their choices in, pressed or typed."""

from dataclasses import dataclass, replace

from dialogs import preferences
from dialogs.choosing import Choices, applied, meant
from dialogs.columns import with_columns
from dialogs.heard import Hearing
from dialogs.languages import Languages
from dialogs.linking import Linking
from dialogs.placing import over_pressed
from dialogs.preferences import Agreed, Stored
from dialogs.screens import AFTER, Screens
from dialogs.talk import Talks
from dialogs.wishes import SCREENS, Choose, Screen, Wished
from vestnik.address import SMS
from vestnik.consent import NEVER_ASKED
from vestnik.inbound import TextReceived
from vestnik.outbound import Text


@dataclass(frozen=True, slots=True)
class Centre:
    """Settings by screens; what somebody types is meant for the screen they look at."""

    talks: Talks
    languages: Languages

    async def show(self, hearing: Hearing, name: Screen) -> None:
        """Show a screen, in place of the one whose button was pressed, where that can be."""
        shown = await self._screen(hearing, name)
        said = await over_pressed(hearing.work, hearing.inbound, hearing.known.id, [shown])
        await self.talks.say(hearing.talk, *said)
        await hearing.work.conversations.show(hearing.known.id, name)

    async def choose(self, hearing: Hearing, wish: Choose) -> None:
        """Take a choice in, and show what holds then; what means nothing changes nothing."""
        linking = Linking(self.talks, self.languages)
        if wish.setting == "link":
            await self.talks.say(hearing.talk, await linking.link(hearing, wish.value))
            return
        if wish.setting == "unlink":
            await linking.unlink(hearing, wish)
        chosen = applied(wish, await self._choices(hearing))
        if chosen is not None and (await self._agreed(hearing)).joined:
            await hearing.work.choices.choose(hearing.known.person_id, chosen)
        await self.show(hearing, AFTER.get(wish.setting, "settings"))

    async def typed(self, hearing: Hearing) -> Wished | None:
        """What somebody wants who looks at a screen and types; None for anything else."""
        name = next((it for it in SCREENS if it == hearing.talk.conversation.screen), None)
        if name is None or not isinstance(hearing.inbound, TextReceived):
            return None
        shown = await self._screen(hearing, name)
        return meant(shown, name, hearing.inbound.text, hearing.work.now)

    async def data(self, hearing: Hearing) -> Text:
        """Everything that is kept about the person, in words."""
        work, person_id = hearing.work, hearing.known.person_id
        person = await work.people.person(person_id)
        latest = {it.purpose: it for it in await work.consents.entries(person_id)}
        screens = await self._screens(hearing)
        stored = Stored(
            name=person.name if person else "",
            since=person.created_at if person else None,
            phone=hearing.talk.context.phone,
            addresses=[it.address for it in await work.people.addresses(person_id)],
            answers=await work.people.answers(person_id),
            consents=list(latest.values()),
            chosen=list(screens.lines()),
        )
        return with_columns(
            self.languages,
            hearing.language,
            await work.profiles.of(person_id),
            lambda lines: preferences.my_data(
                self.languages,
                hearing.language,
                replace(stored, columns=lines),
                self.talks.shelf.current,
            ),
            hearing.talk.context.limits,
        )

    async def _screen(self, hearing: Hearing, name: Screen) -> Text:
        screens = await self._screens(hearing)
        if name == "settings":
            return preferences.settings(screens, await self._agreed(hearing))
        return screens.below(name)

    async def _screens(self, hearing: Hearing) -> Screens:
        return Screens(self.languages, hearing.language, await self._choices(hearing))

    async def _agreed(self, hearing: Hearing) -> Agreed:
        standings = await hearing.work.consents.standings(hearing.known.person_id)
        needs = self.talks.shelf.current.consent("personal_data") is not None
        return Agreed(
            joined=standings.get("personal_data", NEVER_ASKED).granted or not needs,
            advertising=standings.get("advertising", NEVER_ASKED),
            phone=hearing.talk.context.phone,
        )

    async def _choices(self, hearing: Hearing) -> Choices:
        work, person_id, scenario = hearing.work, hearing.known.person_id, self.talks.shelf.current
        channels = [it.address.channel for it in await work.people.addresses(person_id)]
        return Choices(
            now=work.now,
            own=await work.choices.of(person_id),
            house=work.house,
            topics={it: scenario.topic_named(it, hearing.language) for it in scenario.topics},
            messengers=[it for it in dict.fromkeys(channels) if it != SMS],
            here=hearing.known.address.channel,
        )
