"""The steps of a scenario at which nothing is said: waiting, branching, asking another program."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, model_validator

from dialogs.parts import Duration, Id, Label, Part, Variable, WebAddress
from dialogs.steps import Ask, Consent, End, Handover, Phone, Place, Say, Step

LONGEST_CALL = timedelta(seconds=60)


class Waiting(Part):
    """How long to wait: so long, or until so long before the time that a variable tells."""

    time: Duration | None = None
    until: Variable | None = None
    before: Duration | None = None

    @model_validator(mode="before")
    @classmethod
    def _in_short(cls, given: Any) -> Any:
        return {"time": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one(self) -> "Waiting":
        if (self.time is None) == (self.until is None):
            raise ValueError("say how long to wait (`wait: 2h`), or `until` which variable's time")
        if self.before is not None and self.until is None:
            raise ValueError("`before` goes with `until`")
        return self


class Wait(Step):
    """Lets time pass; the dialog is over meanwhile, and goes on by itself."""

    wait: Waiting


class Case(Part):
    """A condition on a variable, and where it leads.

    `within`: the time that the variable tells is so near, or over. Without any bound it holds when
    the variable has any value.
    """

    when: Variable
    among: tuple[Label, ...] = Field((), alias="is")
    at_least: str | None = None
    at_most: str | None = None
    within: Duration | None = None
    next: str

    @model_validator(mode="before")
    @classmethod
    def _one_value(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("is"), str):
            return {**given, "is": [given["is"]]}
        return given


class Branch(Step):
    """Goes on where the first condition that holds leads, else to the next step."""

    branch: tuple[Case, ...] = Field(min_length=1, max_length=50)

    def ways(self) -> Iterator[tuple[Place, str | None]]:
        """Where the conditions lead, and the next step."""
        for number, case in enumerate(self.branch):
            yield ("branch", number, "next"), case.next
        yield ("next",), self.next


class Call(Step):
    """Asks another program over HTTP: sends these variables, keeps what it returns.

    What is kept is a variable of the step's name: `{{ slots.doctor }}`. `failed` is where an
    error or a silence longer than `within` leads.
    """

    call: WebAddress
    send: tuple[Variable, ...] = Field(default=(), max_length=30)
    returns: tuple[Id, ...] = Field(default=(), max_length=30)
    within: Duration = timedelta(seconds=10)
    failed: str | None = None

    @model_validator(mode="after")
    def _bounded(self) -> "Call":
        if self.within > LONGEST_CALL:
            raise ValueError("nobody waits longer than a minute; `within` is 60s at the most")
        return self

    def ways(self) -> Iterator[tuple[Place, str | None]]:
        """The next step, and where a failure leads."""
        yield ("next",), self.next
        if self.failed is not None:
            yield ("failed",), self.failed


AnyStep = Say | Ask | Consent | Phone | Wait | Branch | Call | Handover | End
KINDS = ("say", "ask", "consent", "phone", "wait", "branch", "call", "handover", "end")
LAST = (Handover, End)
"""Steps that nothing follows."""


def _kind(step: Any) -> str | None:
    # The tag must not be a key of the step, or findings would point at the wrong line.
    return next((f"a {kind} step" for kind in KINDS if kind in step), None)


# What a scenario's file holds: the key that a step has tells its kind.
WrittenStep = Annotated[
    Annotated[Say, Tag("a say step")]
    | Annotated[Ask, Tag("a ask step")]
    | Annotated[Consent, Tag("a consent step")]
    | Annotated[Phone, Tag("a phone step")]
    | Annotated[Wait, Tag("a wait step")]
    | Annotated[Branch, Tag("a branch step")]
    | Annotated[Call, Tag("a call step")]
    | Annotated[Handover, Tag("a handover step")]
    | Annotated[End, Tag("a end step")],
    Discriminator(
        _kind,
        custom_error_type="kind",
        custom_error_message="a step has one of the keys " + ", ".join(KINDS),
    ),
]
