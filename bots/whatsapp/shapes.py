"""The parts of Meta's webhooks that tell of people and messages.

Shapes: developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference.
"""

from typing import Annotated, Any

from pydantic import Field

from bots.whatsapp.fields import Moment, OrNone, Shape, Shown, Timed, Words


class Profile(Shape):
    """What a person calls themselves."""

    name: Shown = ""


class Person(Shape):
    """An entry of `contacts`: `user_id` is the business-scoped id, either id may be missing."""

    profile: Profile = Profile()
    wa_id: Words | None = None
    user_id: Words | None = None


class TextPart(Shape):
    """What somebody wrote."""

    body: Words


class QuickReply(Shape):
    """The pressed button of a template."""

    payload: Words | None = None
    text: Words = ""


class Choice(Shape):
    """The pressed reply button, or the chosen row of a list."""

    id: Words
    title: Shown = ""


class Interactive(Shape):
    """An answer to buttons, a list or a flow."""

    type: str = ""
    button_reply: Choice | None = None
    list_reply: Choice | None = None


class File(Shape):
    """Something other than text."""

    id: Words | None = None
    caption: Words = ""
    voice: bool = False


class Phone(Shape):
    """A number on a card; `wa_id` is the same in digits, when it is on WhatsApp."""

    phone: Words = ""
    wa_id: Words | None = None


class Card(Shape):
    """A shared contact; `origin` is "contact_request" when our button asked for it."""

    origin: str = ""
    phones: tuple[Phone, ...] = ()


class Context(Shape):
    """The message that this one answers."""

    id: Words | None = None


class Reaction(Shape):
    """An emoji on a message; empty or not there when it was taken away."""

    message_id: Words
    emoji: Words = ""


class Referral(Shape):
    """The advertisement or post that somebody came from."""

    source_type: Shown = ""
    source_id: Words = ""
    source_url: Words = ""


class System(Shape):
    """Somebody's new number or scoped id; `new_wa_id` is what older webhooks call the number."""

    type: str = ""
    body: Shown = ""
    wa_id: Words | None = None
    new_wa_id: Words | None = None
    user_id: Words | None = None


class Content(Shape):
    """What a message says, by its type."""

    type: str = ""
    text: TextPart | None = None
    image: File | None = None
    video: File | None = None
    audio: File | None = None
    voice: File | None = None
    document: File | None = None
    sticker: File | None = None


class Edit(Shape):
    """What an earlier message says now."""

    original_message_id: Words
    message: Content


class Message(Content, Timed):
    """An item of `messages`."""

    id: Words = Field(min_length=1)
    sender: Words | None = Field(default=None, alias="from")
    from_user_id: Words | None = None
    group_id: str | None = None
    context: Context | None = None
    referral: Annotated[Referral | None, OrNone] = None
    button: QuickReply | None = None
    interactive: Interactive | None = None
    contacts: tuple[Card, ...] = ()
    reaction: Reaction | None = None
    edit: Edit | None = None
    system: System | None = None


class Echo(Content, Timed):
    """An item of `message_echoes`: what the owner wrote in the phone's app."""

    id: Words = Field(min_length=1)
    sender: Words = Field(default="", alias="from")
    to: Words | None = None
    to_user_id: Words | None = None


class Origin(Shape):
    """What a conversation began with."""

    type: str = ""


class Conversation(Shape):
    """A stretch in which messages have a price of their own; told where it is a free one."""

    origin: Origin = Origin()
    expiration_timestamp: Moment | None = None


class Status(Timed):
    """An item of `statuses`; a failed one names its recipient by number only, or not at all."""

    id: Words = Field(min_length=1)
    status: str
    recipient_id: Words | None = None
    recipient_user_id: Words | None = None
    recipient_type: str = "individual"
    biz_opaque_callback_data: Words | None = None
    conversation: Annotated[Conversation | None, OrNone] = None
    errors: tuple[Any, ...] = ()


class Preference(Timed):
    """An item of `user_preferences`: whether the person wants our advertising."""

    wa_id: Words | None = None
    user_id: Words | None = None
    category: str
    value: str
