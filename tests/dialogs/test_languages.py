"""The catalogues: complete, in step with the source, and spoken in the right form."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from dialogs.languages import LOCALE, Languages
from vestnik.richtext import Span

HOUSE = Path(__file__).parents[2]
SPEAKING = ("dialogs", "broadcast", "app")
KEYWORDS: dict[str, tuple[int, ...]] = {"text": (2,), "plural": (2, 3), "rich": (2,)}

Msgid = str | tuple[str, ...]


@pytest.fixture(scope="module")
def source() -> set[Msgid]:
    """Every string that the source says."""
    return {
        found[2]
        for package in SPEAKING
        for found in extract_from_dir(HOUSE / package, keywords=KEYWORDS)
    }


@pytest.fixture(scope="module", params=["ru", "en"])
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    with (LOCALE / request.param / "LC_MESSAGES" / "vestnik.po").open("rb") as file:
        return read_po(file, locale=request.param)


def entries(catalogue: Catalog) -> Iterator[tuple[Msgid, tuple[str, ...]]]:
    for message in catalogue:
        if message.id:
            msgid = message.id if isinstance(message.id, str) else tuple(message.id)
            said = message.string or ""
            yield msgid, (said,) if isinstance(said, str) else tuple(said)


def test_the_catalogues_hold_what_the_source_says_and_nothing_else(
    source: set[Msgid], catalogue: Catalog
) -> None:
    held = {msgid for msgid, _ in entries(catalogue)}
    assert sorted(map(str, source - held)) == [], "bring them in: see dialogs/languages.py"
    assert sorted(map(str, held - source)) == [], "nobody says these any more: remove them"


def test_everything_is_translated(catalogue: Catalog) -> None:
    gaps = [msgid for msgid, said in entries(catalogue) if not all(said)]
    assert gaps == []
    assert [message.id for message in catalogue if message.fuzzy] == []


def test_translations_take_the_same_values(catalogue: Catalog) -> None:
    for msgid, said in entries(catalogue):
        wanted = places(msgid if isinstance(msgid, str) else msgid[-1])
        assert all(places(form) == wanted for form in said), msgid


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_plurals_have_every_form(catalogue: Catalog) -> None:
    for msgid, said in entries(catalogue):
        assert len(said) == (catalogue.num_plurals if isinstance(msgid, tuple) else 1), msgid


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ru", "Готово"),
        ("en", "Done"),
        ("en-US", "Done"),
        ("ru_RU", "Готово"),
        ("RU", "Готово"),
        ("de", "Готово"),
        ("", "Готово"),
        (None, "Готово"),
    ],
)
def test_the_nearest_language_is_spoken(language: str | None, expected: str) -> None:
    assert Languages(default="ru").text(language, "Done") == expected


def test_the_default_language_is_a_choice() -> None:
    assert Languages(default="en").text("de", "Done") == "Done"
    with pytest.raises(ValueError, match="'tlh'; choose one of en, ru"):
        Languages(default="tlh")


def test_values_are_put_in_literally() -> None:
    said = Languages().rich("en", "We sent a code to **{phone}**. Write it here.", phone="**_")
    assert said.text == "We sent a code to **_. Write it here."
    assert said.spans == (Span(18, 21, "bold"),)
    assert Languages().text("ru", "Name: {name}", name="{name}") == "Имя: {name}"


PLURALS = """
msgid ""
msgstr ""
"Language: ru\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
"n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "{count} message to {name}"
msgid_plural "{count} messages to {name}"
msgstr[0] "{count} сообщение для {name}"
msgstr[1] "{count} сообщения для {name}"
msgstr[2] "{count} сообщений для {name}"
"""


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "0 сообщений"),
        (1, "1 сообщение"),
        (3, "3 сообщения"),
        (11, "11 сообщений"),
        (21, "21 сообщение"),
        (112, "112 сообщений"),
    ],
)
def test_plurals_take_the_form_of_the_language(tmp_path: Path, count: int, expected: str) -> None:
    folder = tmp_path / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "vestnik.po").write_text(PLURALS, encoding="utf-8")
    languages = Languages(default="ru", folder=tmp_path)
    one, many = "{count} message to {name}", "{count} messages to {name}"
    said = languages.plural("ru", one, many, count, name="{count}")
    assert said == f"{expected} для {{count}}"


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("ru", 0, "0 человек"),
        ("ru", 1, "1 человек"),
        ("ru", 2, "2 человека"),
        ("ru", 5, "5 человек"),
        ("ru", 11, "11 человек"),
        ("ru", 22, "22 человека"),
        ("ru", 111, "111 человек"),
        ("en", 0, "0 people"),
        ("en", 1, "1 person"),
        ("en", 2, "2 people"),
        ("en", 21, "21 people"),
    ],
)
def test_the_shipped_plurals_are_right(language: str, count: int, expected: str) -> None:
    assert Languages().plural(language, "{count} person", "{count} people", count) == expected


def test_languages_name_themselves_and_their_dates() -> None:
    languages = Languages()
    assert [languages.name(tag) for tag in languages.offered] == ["English", "Русский"]
    day = datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert languages.date("ru", day) == "5 января 2026\N{NARROW NO-BREAK SPACE}г."
    assert languages.date("en", day) == "January 5, 2026"
