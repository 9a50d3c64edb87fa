"""Messages with buttons and cards, and the keyboards and carousels that VK is asked for."""

from tests.bots.vk.asking import (
    URL,
    Row,
    app,
    carousel,
    drinks,
    grid,
    key,
    keyboard,
    link,
    sends,
    under,
)
from tests.bots.vk.speaking import says
from vestnik.outbound import Button, Card, ContactButton, LinkButton, Media

# 40 of 25 characters each are the 1000 that VK takes together, as are 10 of 100.
FORTY = [Button(f"{'я' * 38}{n:02}", f"{'ж' * 15}{n:02}") for n in range(40)]
TEN = [Button(f"{'я' * 39}{n}", f"{'ж' * 91}{n}") for n in range(10)]
YES, NO = Button("Да", "y", "positive"), Button("Нет", "n", "negative")
CARDS = tuple(
    Card(
        "Т" * 80,
        "о" * 80,
        Media("image", id=f"photo-1_{n}_key"),
        (Button("Взять", f"take:{n}", "primary"), Button("Ещё", f"more:{n}"), LinkButton("Ц", URL)),
    )
    for n in range(10)
)
CARD = Card("Латте", buttons=(Button("Взять", "take"),))

KEYBOARDS = {
    "few_buttons": Row(
        says("?", Button("Да", "y"), LinkButton("Сайт", URL)),
        sends("?", keyboard=keyboard([key("Да", "y")], [link("Сайт", URL)])),
    ),
    "colours": Row(
        says("?", YES, NO, Button("Позже", "l", "primary")),
        sends(
            "?",
            keyboard=keyboard(
                [key("Да", "y", color="positive")],
                [key("Нет", "n", color="negative")],
                [key("Позже", "l", color="primary")],
            ),
        ),
    ),
    "short_buttons_two_a_row": Row(
        says("?", *drinks(5)),
        sends("?", keyboard=keyboard(*grid([key(f"Л{n}", f"{n}") for n in range(5)], 2))),
    ),
    "long_buttons_one_a_row": Row(
        says("?", *(Button(f"Капучино с сиропом {n}", f"{n}") for n in range(6))),
        sends(
            "?", keyboard=keyboard(*([key(f"Капучино с сиропом {n}", f"{n}")] for n in range(6)))
        ),
    ),
    "ten_buttons_inside": Row(
        says("?", *TEN),
        sends("?", keyboard=keyboard(*grid([key(it.label, it.payload) for it in TEN], 2))),
    ),
    "eleven_buttons_under_the_field": Row(
        says("?", *drinks(11)),
        sends("?", keyboard=under(*grid([key(f"Л{n}", f"{n}", "text") for n in range(11)], 2))),
    ),
    "buttons_at_the_limit": Row(
        says("?", *FORTY),
        sends("?", keyboard=under(*grid([key(it.label, it.payload, "text") for it in FORTY], 4))),
    ),
    "payloads_over_the_sum": Row(
        says("?", *TEN[:9], Button("Десять", "ж" * 93)),
        sends(
            "\n".join(
                ["?\n", *(f"{n}. {it.label}" for n, it in enumerate(TEN[:9], 1)), "10. Десять"]
            )
        ),
    ),
    "app_without_callbacks": Row(
        says("?", YES),
        sends("?", keyboard=keyboard([key("Да", "y", "text", "positive")])),
        shows=app("text", "keyboard", "inline_keyboard"),
    ),
    "app_without_keyboards_inside": Row(
        says("?", YES, NO),
        sends(
            "?",
            keyboard=under(
                [key("Да", "y", "text", "positive")], [key("Нет", "n", "text", "negative")]
            ),
        ),
        shows=app("text", "callback", "keyboard"),
    ),
    "app_without_keyboards": Row(
        says("Кофе?", YES, NO), sends("Кофе?\n\n1. Да\n2. Нет"), shows=app("text")
    ),
    "app_without_links": Row(
        says("?", YES, LinkButton("Сайт", URL)),
        sends(f"?\n\nСайт: {URL}", keyboard=keyboard([key("Да", "y", color="positive")])),
        shows=app("text", "callback", "keyboard", "inline_keyboard"),
    ),
    "no_contact_button": Row(says("?", ContactButton("Телефон")), sends("?")),
}

CAROUSELS = {
    "cards_at_the_limit": Row(
        says("Меню", cards=CARDS),
        sends(
            "Меню",
            template=carousel(
                *(
                    {
                        "title": "Т" * 80,
                        "description": "о" * 80,
                        "photo_id": f"-1_{n}",
                        "buttons": [
                            key("Взять", f"take:{n}", color="primary"),
                            key("Ещё", f"more:{n}"),
                            link("Ц", URL),
                        ],
                    }
                    for n in range(10)
                )
            ),
        ),
    ),
    "cards_beside_buttons": Row(
        says("Меню", YES, cards=(CARD,)),
        sends(
            "Меню",
            template=carousel({"title": "Латте", "buttons": [key("Взять", "take", "text")]}),
            keyboard=under([key("Да", "y", "text", "positive")]),
        ),
    ),
}
