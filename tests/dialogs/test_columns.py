"""How imported columns read, and that what shows them stays one message on every messenger."""

import pytest

from bots.telegram import LIMITS as TELEGRAM
from bots.vk.settings import LIMITS as VK
from bots.whatsapp.channel import build
from bots.whatsapp.settings import Settings
from dialogs.columns import LONGEST_SHOWN, MOST_SHOWN, with_columns
from dialogs.columns import shown as as_shown
from dialogs.preferences import Stored, my_data
from tests.dialogs.phone import COFFEE, LANGUAGES
from vestnik.channel import Limits
from vestnik.fit import fit
from vestnik.outbound import Text
from vestnik.richtext import RichText

WHATSAPP = build(
    Settings.model_validate(
        {"token": "t", "phone_id": "1", "waba_id": "2", "app_secret": "s", "verify_token": "v"}
    )
).limits
MESSENGERS = pytest.mark.parametrize("limits", [TELEGRAM, VK, WHATSAPP])


def card(columns: dict[str, list[str]], limits: Limits = TELEGRAM, head: str = "Аня") -> list[str]:
    text = with_columns(
        LANGUAGES,
        "ru",
        columns,
        lambda lines: Text(RichText("\n".join([head, *(line.text for line in lines)]))),
        limits,
    )
    return text.body.text.splitlines()


@pytest.mark.parametrize(
    ("value", "russian", "english"),
    [
        ("1990-12-31", "31 декабря 1990\u202fг.", "December 31, 1990"),
        ("1000.5", "1000,5", "1000.5"),
        ("-12345.678901", "-12\u00a0345,678901", "-12,345.678901"),
        ("1234567", "1\u00a0234\u00a0567", "1,234,567"),
        ("1990", "1990", "1990"),
        ("0", "0", "0"),
        # Rather somebody's number of something than a number.
        ("007", "007", "007"),
        ("1.10", "1.10", "1.10"),
        ("4276123412341234", "4276123412341234", "4276123412341234"),
        ("2026-02-30", "2026-02-30", "2026-02-30"),
        ("две\n строки", "две строки", "две строки"),
        ("**5** {date}", "**5** {date}", "**5** {date}"),
    ],
)
def test_a_value_reads_as_people_write_it(value: str, russian: str, english: str) -> None:
    assert as_shown(LANGUAGES, "ru", value) == russian
    assert as_shown(LANGUAGES, "en", value) == english


def test_columns_stand_under_the_names_they_came_with() -> None:
    columns = {"birthday": ["1990-12-31"], "ltv": ["1000.5"], "tags": ["2026.5", "vip"]}
    assert card(columns) == [
        "Аня",
        "Из наших записей",
        "birthday: 31 декабря 1990\u202fг.",
        "ltv: 1000,5",
        "tags: 2026.5, vip",
    ]


def test_of_nothing_nothing_is_said() -> None:
    assert card({}) == ["Аня"]


def test_many_columns_are_counted() -> None:
    lines = card({f"c{number:02}": ["да"] for number in range(MOST_SHOWN + 3)})
    assert lines[-2:] == [f"c{MOST_SHOWN - 1:02}: да", "и ещё 3"]
    assert card({f"c{number:02}": ["да"] for number in range(MOST_SHOWN)})[-1] == "c19: да"


def test_a_long_value_is_cut() -> None:
    [*_, line] = card({"note": ["ы" * 255, "я" * 255]})
    assert line == "note: " + "ы" * (LONGEST_SHOWN - 1) + "…"


@MESSENGERS
@pytest.mark.parametrize("language", ["ru", "en"])
def test_one_message_holds_it_on_every_messenger(limits: Limits, language: str) -> None:
    columns = {f"{'ж' * 60}{number:04}": ["щ" * 255] for number in range(300)}
    stored = Stored(name="Аня", answers={f"q{number}": ["ц" * 200] for number in range(10)})

    def data(lines: object) -> Text:
        kept = Stored(name=stored.name, answers=stored.answers, columns=lines)  # type: ignore[arg-type]
        return my_data(LANGUAGES, language, kept, COFFEE)

    text = with_columns(LANGUAGES, language, columns, data, limits)
    assert fit(text, limits) == text
    told = text.body.text
    count = told.count("щ…")
    assert 0 < count < MOST_SHOWN
    more = "и ещё" if language == "ru" else "and"
    assert f"{more} {300 - count}" in told
    bigger = limits.measure(told) + LONGEST_SHOWN + 64 + 3
    assert bigger > limits.text, "one column more would not have fitted"


@MESSENGERS
def test_a_text_that_is_too_long_anyway_loses_no_column(limits: Limits) -> None:
    lines = card({"city": ["Казань"], "ltv": ["5"]}, limits, head="ф" * 5000)
    assert lines[1:] == ["Из наших записей", "city: Казань", "ltv: 5"]
