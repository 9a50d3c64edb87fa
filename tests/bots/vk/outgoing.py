"""What is said to people, and what is asked of VK for it."""

from tests.bots.vk.asking import (
    ANSWER,
    PRESS,
    URL,
    Row,
    drinks,
    edits,
    grid,
    key,
    keyboard,
    sends,
    spans,
    under,
)
from tests.bots.vk.keyboards import CAROUSELS, KEYBOARDS
from tests.bots.vk.speaking import says
from vestnik.outbound import Acknowledge, Button, Edit, Media, Seen, Text
from vestnik.richtext import RichText, Span

_TEXTS = {
    "plain": Row(says("Привет"), sends("Привет")),
    "cyrillic_at_the_limit": Row(says("я" * 4096), sends("я" * 4096)),
    "over_the_limit_not_cut": Row(says("я" * 4097), sends("я" * 4097)),
    "literal": Row(says("<b> _*[ {{ }} =1 &amp;"), sends("<b> _*[ {{ }} =1 &amp;")),
    "rich": Row(
        Text(
            RichText(
                "👋 Новинки, код и сайт",
                (
                    Span(2, 9, "bold"),
                    Span(2, 9, "italic"),
                    Span(11, 14, "code"),
                    Span(17, 21, "link", URL),
                ),
            )
        ),
        sends(
            "👋 Новинки, код и сайт",
            format_data=spans(
                {"type": "bold", "offset": 3, "length": 7},
                {"type": "italic", "offset": 3, "length": 7},
                {"type": "url", "offset": 18, "length": 4, "url": URL},
            ),
        ),
    ),
    "answer_to_a_message": Row(
        says("Да", reply_to="11"),
        sends("Да", forward={"peer_id": 5001, "is_reply": True, "message_ids": [11]}),
    ),
    "answer_by_place": Row(
        says("Да", reply_to="cmid:4"),
        sends("Да", forward={"peer_id": 5001, "is_reply": True, "conversation_message_ids": [4]}),
    ),
    "broadcast_of_an_intent": Row(
        says("Акция"),
        sends("Акция", intent="promo_newsletter"),
        bulk=True,
        settings={"intent": "promo_newsletter"},
    ),
    "answer_has_no_intent": Row(
        says("Акция"), sends("Акция"), settings={"intent": "promo_newsletter"}
    ),
    "broadcast_of_the_default_intent": Row(says("Акция"), sends("Акция"), bulk=True),
}

_FILES = {
    "photo_of_vks": Row(
        says("Меню", media=(Media("image", id="photo-1_2"),)), sends("Меню", attachment="photo-1_2")
    ),
    "album": Row(
        says("", media=tuple(Media("image", id=f"photo-1_{n}") for n in range(10))),
        sends("", attachment=",".join(f"photo-1_{n}" for n in range(10))),
    ),
    "photo_by_its_link": Row(
        says("Меню", media=(Media("image", url=f"{URL}/m.png"),)), sends(f"Меню\n\n{URL}/m.png")
    ),
    "album_of_both": Row(
        says("Меню", media=(Media("image", url=URL), Media("document", id="doc1_2_k"))),
        sends(f"Меню\n\n{URL}", attachment="doc1_2_k"),
    ),
    "sticker": Row(says("", media=(Media("sticker", id="163"),)), sends("", sticker_id="163")),
}

_OTHERS = {
    "edit": Row(
        Edit("11", says("Готово", Button("Ещё", "more"))),
        edits("Готово", message_id="11", keyboard=keyboard([key("Ещё", "more")])),
        "messages.edit",
    ),
    "edit_by_place": Row(
        Edit("cmid:4", says("Готово")), edits("Готово", cmid="4"), "messages.edit"
    ),
    "edit_with_too_many_buttons": Row(
        Edit("11", says("?", *drinks(11))),
        edits("\n".join(["?\n", *(f"{n + 1}. Л{n}" for n in range(11))]), message_id="11"),
        "messages.edit",
    ),
    "in_place_of_an_earlier_one": Row(
        says("Готово", Button("Ещё", "more"), replaces="11"),
        edits("Готово", message_id="11", keyboard=keyboard([key("Ещё", "more")])),
        "messages.edit",
    ),
    "keyboard_under_the_field_is_new": Row(
        says("?", *drinks(11), replaces="11"),
        sends("?", keyboard=under(*grid([key(f"Л{n}", f"{n}", "text") for n in range(11)], 2))),
    ),
    "in_place_of_what_is_not_vks": Row(says("Да", replaces="wamid.1"), sends("Да")),
    "acknowledge": Row(
        Acknowledge(PRESS), {"event_id": "4f", "user_id": "5001", "peer_id": "5001"}, ANSWER
    ),
    "acknowledge_with_a_long_notice": Row(
        Acknowledge(PRESS, "ж" * 91),
        {
            "event_id": "4f",
            "user_id": "5001",
            "peer_id": "5001",
            "event_data": {"type": "show_snackbar", "text": "ж" * 89 + "…"},
        },
        ANSWER,
    ),
    "seen": Row(Seen("11"), {"peer_id": "5001", "type": "typing"}, "messages.setActivity"),
}

REQUESTS: dict[str, Row] = {**_TEXTS, **KEYBOARDS, **CAROUSELS, **_FILES, **_OTHERS}
