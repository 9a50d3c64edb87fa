"""What the owner of the number answered in the phone's own app."""

from bots.whatsapp.messages import said
from bots.whatsapp.people import People
from bots.whatsapp.shapes import Echo
from vestnik.channel import Unreadable
from vestnik.inbound import AnsweredElsewhere, Author

# They answer nobody: an emoji, or a word on an earlier message.
NO_ANSWER = frozenset({"reaction", "edit", "revoke", "system"})


def echo_event(echo: Echo, people: People) -> AnsweredElsewhere | Unreadable | None:
    """The answer that an echo tells of; the business is its author."""
    if echo.type in NO_ANSWER:
        return None
    person = people.identify(echo.to_user_id, echo.to)
    if person is None:
        return Unreadable("nobody is named as the one who was answered")
    return AnsweredElsewhere(
        event_id=f"msg:{echo.id}",
        address=person.address,
        author=Author(echo.sender),
        at=echo.at,
        reference=echo.id,
        text=said(echo),
    )
