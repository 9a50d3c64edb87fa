"""`vestnik dialogs check`: a table of seeded mistakes, each found with its line and channel."""

from pathlib import Path

import pytest

from dialogs.allowing import allows
from dialogs.checking import check
from dialogs.languages import Languages
from tests.dialogs.phone import TELEGRAM, VK, WHATSAPP_WINDOWED

CHANNELS = {"telegram": TELEGRAM, "vk": VK, "whatsapp": WHATSAPP_WINDOWED}
ALLOWED = ("https://crm.example/hooks/",)

SOUND = """\
name: shop
languages: [ru, en]
keywords: [магазин]
entries:
  spring:
    links: [spring-*]
    next: hello
  order:
    event: order_done
    values: [total]
    next: score
steps:
  hello:
    say: { ru: "Здравствуйте, {{ name }}!", en: "Hello, {{ name }}!" }
  data:
    consent: personal_data
    version: "1"
    text: { ru: Можно хранить ваши данные, en: May we keep your data }
    agree: { ru: Да, en: "Yes" }
    decline: { ru: Нет, en: "No" }
    refused: bye
  ads:
    consent: advertising
    version: "1"
    covers: [messengers, sms]
    text: { ru: Можно слать рекламу по SMS, en: May we send offers by SMS }
    agree: { ru: Да, en: "Yes" }
    decline: { ru: Нет, en: "No" }
  city:
    ask: { ru: Где вы, en: Where are you }
    choices:
      kzn: { ru: Казань, en: Kazan }
      msk: { ru: Москва, en: Moscow, next: stock }
    remind:
      - after: 2h
        say: { ru: Вы здесь, en: Are you there }
      - after: 10h
        next: bye
  age:
    ask: { ru: Сколько вам лет, en: How old are you }
    answer: { kind: number, at_least: 18, at_most: 120 }
  stock:
    call: https://crm.example/hooks/stock
    send: [answers.city]
    returns: [left]
    failed: bye
  sort:
    branch:
      - when: answers.city
        is: Казань
        next: bye
      - when: stock.left
        at_least: 1
        next: pause
  person:
    handover: { ru: Зову коллегу, en: Calling a colleague }
  pause:
    wait: 2h
  score:
    say: { ru: "Заказ на {{ event.total }}", en: "An order of {{ event.total }}" }
  bye:
    end: { ru: Пока, en: Bye }
    buttons:
      - { ru: Сайт, en: Site, url: "https://shop.example" }
"""

LONG = "{ ru: Название города длиннее двадцати четырёх, en: Kazan, value: Казань }"
MANY = "\n".join(f"      c{i}: {{ ru: Город {i}, en: City {i} }}" for i in range(12))

# A mistake: what is put in place of what, the line and channel of the finding, and its words.
SEEDED: dict[str, tuple[str, str, int, str | None, str]] = {
    "a language is missing": (", en: Where are you }", " }", 30, None, "no text in en"),
    "a language of a label is missing": (", en: Kazan", "", 32, None, "no text in en"),
    "a language of a reminder is missing": (
        ", en: Are you there }",
        " }",
        36,
        None,
        "no text in en",
    ),
    "a language of a button is missing": (", en: Site", "", 64, None, "no text in en"),
    "a language nobody announced": ("en: Bye", "de: Bye", 62, None, "de is not among"),
    "an unknown variable": ("{{ name }}!", "{{ nmae }}!", 14, None, "no variable nmae"),
    "a variable of no question": ("send: [answers.city]", "send: [answers.town]", 44, None, "town"),
    "a value that no event brings": ("{{ event.total }}", "{{ event.sum }}", 60, None, "event.sum"),
    "a variable that nothing returns": ("when: stock.left", "when: stock.rest", 52, None, "rest"),
    "a filter that there is not": ("{{ name }}", "{{ name | shout }}", 14, None, "filter `shout`"),
    "a variable that is not closed": ("{{ name }}!", "{{ name }!", 14, None, "not closed"),
    "a tag in a text": ("{{ name }}!", "{% if name %}!", 14, None, "use a `branch` step"),
    "a variable in a consent": (
        "ru: Можно хранить ваши данные",
        'ru: "Можно, {{ name }}"',
        18,
        None,
        "no variables here",
    ),
    "an unknown next step": ("wait: 2h", "wait: 2h\n    next: by", 59, None, "no step 'by'"),
    "nothing after the last step": ("    end: {", "    say: {", 61, None, "nothing follows"),
    "a choice that leads nowhere": ("next: stock", "next: stok", 33, None, "no step 'stok'"),
    "a failure that leads nowhere": ("failed: bye", "failed: by", 46, None, "no step 'by'"),
    "a reminder that leads nowhere": (
        "10h\n        next: bye",
        "10h\n        next: by",
        38,
        None,
        "no step 'by'",
    ),
    "an entry that leads nowhere": ("next: score", "next: scores", 11, None, "no step 'scores'"),
    "an unreachable step": ("next: pause", "next: bye", 57, None, "no way leads here"),
    "a loop without exit": (
        "    wait: 2h\n",
        "    wait: 2h\n    next: pause\n",
        57,
        None,
        "no way leads from here to an end",
    ),
    "a circle without a question": (
        "    handover: { ru: Зову коллегу, en: Calling a colleague }",
        "    say: { ru: Ещё раз, en: Again }\n    next: sort",
        47,
        None,
        "come back without a question",
    ),
    "two consents in one breath": (
        "хранить ваши данные",
        "хранить данные и слать рекламу",
        18,
        None,
        "in one breath",
    ),
    "a consent by the way": (
        "ru: Где вы",
        "ru: Где вы — даю согласие на рассылку",
        30,
        None,
        "asks for a consent",
    ),
    "sms that the words do not name": (
        "слать рекламу по SMS",
        "слать рекламу",
        26,
        None,
        "name SMS",
    ),
    "a question before the consent": ("next: hello", "next: city", 29, None, "without the consent"),
    "a condition that never holds": ("is: Казань", "is: Казнь", 50, None, "no answer 'Казнь'"),
    "a bound that is no number": ("at_least: 18", "at_least: x", 41, None, "'x' is no number"),
    "a label without a button": (
        "    event: order_done\n    values: [total]",
        '    event: order_done\n    values: [total]\n    label: { ru: Да, en: "Yes" }',
        8,
        None,
        "`label` goes with",
    ),
    "a language of an entry's label": (
        "    links: [spring-*]\n",
        "    links: [spring-*]\n    button: true\n    label: { ru: Да }\n",
        8,
        None,
        "no text in en",
    ),
    "a window that closes too early": (
        "    event: order_done\n    values: [total]",
        "    event: order_done\n    values: [total]\n    window_closing: 20h",
        8,
        None,
        "from 5m to 12h",
    ),
    "two entries for one link": (
        "    event: order_done\n    values: [total]",
        "    event: order_done\n    values: [total]\n    links: [spring-*]",
        8,
        None,
        "opens spring already",
    ),
    "a time that is none": ("wait: 2h", "wait: soon", 58, None, "30s, 90m, 2h or 3d"),
    "an address that is none": ("https://shop.example", "shop.example", 64, None, "https://"),
    "an address that is not allowed": (
        "https://crm.example/hooks/stock",
        "https://crm.example/secrets",
        43,
        None,
        "CALLS does not allow",
    ),
    "a long label": ("{ ru: Казань, en: Kazan }", LONG, 32, "whatsapp", "make it 24 characters"),
    "too many choices": (
        "      msk: { ru: Москва, en: Moscow, next: stock }",
        MANY + "\n      msk: { ru: Москва, en: Moscow, next: stock }",
        30,
        "vk",
        "14 buttons become numbered lines",
    ),
    "a text too long": ("ru: Пока", f"ru: {'Пока. ' * 800}", 62, "telegram", "becomes 2 messages"),
    "a reminder too late": ("after: 10h", "after: 30h", 37, "whatsapp", "remind earlier"),
    "a wait too long": ("wait: 2h", "wait: 2d", 58, "whatsapp", "wait less"),
    "a step twice": ("  pause:", "  sort:", 57, None, "stands here twice"),
    "broken YAML": ("languages: [ru, en]", "languages: [ru, en", 3, None, "expected ',' or ']'"),
}


def checked(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "shop.yaml"
    file.write_text(text, encoding="utf-8")
    found = check(file, CHANNELS, Languages(), lambda url: allows(ALLOWED, url))
    return [str(finding).removeprefix(f"{file}:") for finding in found]


def test_a_sound_scenario_is_sound(tmp_path: Path) -> None:
    assert checked(tmp_path, SOUND) == []


@pytest.mark.parametrize("mistake", SEEDED)
def test_a_seeded_mistake_is_found(tmp_path: Path, mistake: str) -> None:
    old, new, line, channel, words = SEEDED[mistake]
    assert old in SOUND
    found = checked(tmp_path, SOUND.replace(old, new, 1))
    where = f"{line}: [{channel}] " if channel else f"{line}: "
    hits = [it for it in found if it.startswith(where) and words in it]
    assert hits, "\n".join(found)
    assert channel or not hits[0].startswith(f"{line}: [")


def test_there_are_mistakes_enough() -> None:
    assert len(SEEDED) >= 25
    assert {channel for _, _, _, channel, _ in SEEDED.values()} >= {"telegram", "vk", "whatsapp"}


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    found = check(tmp_path / "none.yaml", CHANNELS, Languages(), lambda _: True)
    assert "cannot be read: No such file" in str(found[0])
