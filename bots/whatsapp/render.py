"""Makes the body of a `/messages` request out of what is to be said. Pure.

Shapes: the pages below messages/ of Meta's documentation (see settings.LIMITS.page).
"""

from itertools import zip_longest
from typing import assert_never

from bots.whatsapp.layout import Body, Unsayable, laid_out
from vestnik.outbound import Message, Recipient, Seen, Send, Template, Text

PRODUCT = {"messaging_product": "whatsapp"}


def render(send: Send, said: Message) -> Body:
    """The request's body; raises Unsayable."""
    body: Body = {
        **PRODUCT,
        "recipient_type": "individual",
        **recipient(send.address.handle, send.recipient),
    }
    if send.handle:
        body["biz_opaque_callback_data"] = send.handle
    match said:
        case Text():
            if said.reply_to:
                body["context"] = {"message_id": said.reply_to}
            return body | laid_out(said, send.recipient.language)
        case Template():
            return body | _template(said)
    assert_never(said)


def recipient(handle: str, known: Recipient) -> dict[str, str]:
    """Whom it goes to: a number wherever one is known, which keeps it visible to us."""
    number = handle if handle.startswith("+") else known.phone
    return {"to": number} if number else {"recipient": handle}


def seen(mark: Seen) -> Body:
    """A read mark, which counts for earlier messages too; "typing" lasts for 25 seconds at most."""
    body: Body = {**PRODUCT, "status": "read", "message_id": mark.reference}
    return body | ({"typing_indicator": {"type": "text"}} if mark.typing else {})


def _template(template: Template) -> Body:
    if template.names and len(template.names) != len(template.values):
        raise Unsayable("template_values_and_names_differ")
    components: list[Body] = []
    if template.values:
        values = [
            {"type": "text", "text": value} | ({"parameter_name": name} if name else {})
            for value, name in zip_longest(template.values, template.names)
        ]
        components.append({"type": "body", "parameters": values})
    components += [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(index),
            "parameters": [{"type": "payload", "payload": payload}],
        }
        for index, payload in enumerate(template.payloads)
    ]
    told: Body = {"name": template.name, "language": {"code": template.language}}
    if components:
        told["components"] = components
    return {"type": "template", "template": told}
