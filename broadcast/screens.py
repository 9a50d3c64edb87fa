"""What the wizard says at each of its steps, and the buttons it offers. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from broadcast.commands import payload
from broadcast.wizard import Choice, Draft
from broadcast.wording import Line, joined, listed, people, plain
from dialogs.languages import Languages
from dialogs.query.reading import EXAMPLE
from dialogs.query.writing import write
from dialogs.scenario import Scenario
from dialogs.steps import Ask
from storage.audiences import Reach
from vestnik.conditions import OneOf
from vestnik.outbound import Button, Text
from vestnik.richtext import RichText

_MARKS = "**…**, _…_, ~~…~~, `…`, […](https://…)"


@dataclass(frozen=True, slots=True)
class Screens:
    """The wizard's words in one language; `scenario` names questions and answers."""

    languages: Languages
    language: str | None
    scenario: Scenario

    def topic(self, topic: str) -> str:
        """What a topic is called."""
        return self.scenario.topic_named(topic, self.languages.closest(self.language))

    def ask_text(self, draft: Draft, *, in_group: bool) -> Text:
        """Asks for the text."""
        lines: list[Line] = [
            self.languages.rich(
                self.language, "📣 **A new broadcast.** Send the text that people are to get."
            ),
            self.languages.text(
                self.language, "With a picture or a video: send it with the text as its caption."
            ),
            self.languages.text(self.language, "Marks that work: {marks}", marks=_MARKS),
        ]
        if in_group:
            # A bot in a group may see nothing but commands and replies to itself.
            lines.append(
                self.languages.text(
                    self.language, "If I do not react here, send it as a reply to this message."
                )
            )
        return Text(joined(lines), (self._drop(draft),))

    def audience(self, draft: Draft, count: Reach, problems: Sequence[str]) -> Text:
        """Asks who is to get it."""
        text = self.languages.text
        lines: list[Line] = [
            *problems,
            self.languages.rich(self.language, "👥 **Who is to get it?**"),
            *self.conditions(draft),
            self.counted(count),
            text(self.language, "Press a question, or write a query: {example}", example=EXAMPLE),
        ]
        go_on = (
            Button(text(self.language, "✅ These people"), _payload(draft, Choice.GO_ON))
            if draft.chooses
            else Button(text(self.language, "✅ Everybody"), _payload(draft, Choice.EVERYBODY))
        )
        clear = Button(text(self.language, "Everybody instead"), _payload(draft, Choice.EVERYBODY))
        buttons = (
            go_on,
            *(self._ask(draft, step) for step in questions(self.scenario)),
            *((clear,) if draft.chooses else ()),
            Button(text(self.language, "✏️ Other text"), _payload(draft, Choice.NEW_TEXT)),
            self._drop(draft),
        )
        return Text(joined(lines), buttons)

    def values(self, draft: Draft, values: Mapping[str, int], count: Reach) -> Text:
        """Asks for the answers that a question must have had; `values` counts who gave each."""
        step = self.scenario.question(draft.question)
        lines: list[Line] = [
            self.languages.rich(
                self.language,
                "**{question}**: tick one or several answers.",
                question=step.named(self._tag) if step else draft.question,
            ),
            *self.conditions(draft),
            self.counted(count),
        ]
        if not draft.offered:
            lines.insert(1, self.languages.text(self.language, "Nobody has answered it yet."))
        done = self.languages.text(self.language, "Done")
        buttons = (
            *self._ticks(draft, step, values),
            Button(done, _payload(draft, Choice.TICKED)),
            self._drop(draft),
        )
        return Text(joined(lines), buttons)

    def template(self, draft: Draft, name: str, channels: str, count: Reach) -> Text:
        """Asks whether a template carries the text where the window is closed."""
        text = self.languages.text
        question = self.languages.rich(
            self.language,
            "📄 Some people wrote too long ago for a plain message in {channels}. "
            "Send them the template **{name}** with the text on one line?\n"
            "Without it, the next step of the route is for them.",
            channels=channels,
            name=name,
        )
        buttons = (
            Button(text(self.language, "Use the template"), _payload(draft, Choice.TEMPLATE)),
            Button(text(self.language, "Without a template"), _payload(draft, Choice.NO_TEMPLATE)),
            self._drop(draft),
        )
        lines: list[Line] = [question]
        if draft.media:
            lines.append(text(self.language, "The template carries no picture."))
        return Text(joined([*lines, self.counted(count)]), buttons)

    def hint(self) -> Text:
        """Plain talk where a button is awaited."""
        return plain(
            self.languages.text(
                self.language, "Please press one of the draft's buttons, or give it up: /cancel"
            )
        )

    def counted(self, count: Reach) -> RichText:
        """The audience, in all and by channel."""
        total = people(self.languages, self.language, count.total)
        if not count.channels:
            return self.languages.rich(self.language, "Audience: **{people}**", people=total)
        return self.languages.rich(
            self.language,
            "Audience: **{people}**\nBy channel: {channels}",
            people=total,
            channels=listed(count.channels),
        )

    def conditions(self, draft: Draft) -> Iterator[str]:
        """The conditions in words, a line each."""
        if draft.typed is not None:
            yield f"• {write(draft.typed)}"
        either = self.languages.text(self.language, " or ")
        for fact in draft.conditions:
            values = fact.condition.values if isinstance(fact.condition, OneOf) else ()
            yield "• " + self._answered(fact.name, values, either)

    def answered(self, answers: Mapping[str, Sequence[str]]) -> list[str]:
        """What a person answered, a line a question."""
        return [self._answered(question, values, ", ") for question, values in answers.items()]

    def _answered(self, question: str, values: Sequence[str], between: str) -> str:
        step = self.scenario.question(question)
        name = step.named(self._tag) if step else question
        return f"{name}: {between.join(self._value(step, value) for value in values)}"

    def _ticks(self, draft: Draft, step: Ask | None, values: Mapping[str, int]) -> Iterator[Button]:
        for place, value in enumerate(draft.offered):
            tick = "☑" if value in draft.ticked else "☐"
            label = f"{tick} {self._value(step, value)} · {values.get(value, 0)}"
            yield Button(label, _payload(draft, f"{Choice.TICK}.{draft.question}.{place}"))

    def _ask(self, draft: Draft, step: Ask) -> Button:
        chosen = any(it.name == step.id for it in draft.conditions)
        label = f"{'☑ ' if chosen else ''}{step.named(self._tag)}…"
        return Button(label, _payload(draft, f"{Choice.ASK}.{step.id}"))

    def _drop(self, draft: Draft) -> Button:
        label = self.languages.text(self.language, "✖️ Give up")
        return Button(label, _payload(draft, Choice.DROP))

    def _value(self, step: Ask | None, value: str) -> str:
        return step.shown(value, self._tag) if step else value

    @property
    def _tag(self) -> str:
        return self.languages.closest(self.language)


def questions(scenario: Scenario) -> list[Ask]:
    """The questions by whose answers an audience is chosen."""
    return [step for step in scenario.steps.values() if isinstance(step, Ask)]


def _payload(draft: Draft, choice: str) -> str:
    return payload("draft", f"{draft.serial}:{choice}")
