"""Our own strings in the person's language: msgids are English, catalogues stand in `locale/`.

Say a string with its msgid written out on the spot, so that it can be found in the source:

    languages.text(language, "Done")                                          -> str
    languages.plural(language, "{count} person", "{count} people", count)     -> str
    languages.rich(language, "Hello, **{name}**!", name=name)                 -> RichText

`{values}` come through literally, also in `rich`, whose msgids are Markdown. A test compares the
catalogues with the source of dialogs/, broadcast/ and app/. Bring new strings in like this, then
write the translations into both files:

    pybabel extract --no-default-keywords -k text:2 -k plural:2,3 -k rich:2 --no-location \\
        -o messages.pot dialogs broadcast app
    pybabel update --no-fuzzy-matching --ignore-obsolete -D vestnik \\
        -i messages.pot -d dialogs/locale
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from dialogs.markup import fill, parse
from vestnik.richtext import RichText

Day = date
LOCALE = Path(__file__).parent / "locale"
GROUPED = 10_000
"""From here on digits are parted in threes: shorter numbers, years above all, read better whole."""


def closest(language: str | None, offered: Iterable[str], default: str) -> str:
    """The offered language nearest to a BCP 47 tag: itself, its primary subtag, the default."""
    known = {tag.lower(): tag for tag in offered}
    tag = (language or "").replace("_", "-").lower()
    return known.get(tag) or known.get(tag.partition("-")[0]) or default


class Languages:
    """The catalogues, read once when it is made; raises ValueError for an unknown default."""

    def __init__(self, default: str = "ru", folder: Path = LOCALE) -> None:
        self._catalogues = {
            path.parts[-3]: _catalogue(path) for path in folder.glob("*/LC_MESSAGES/vestnik.po")
        }
        self.default = default
        if default not in self._catalogues:
            known = ", ".join(self.offered)
            raise ValueError(f"there is no language {default!r}; choose one of {known}")

    @property
    def offered(self) -> tuple[str, ...]:
        """The tags of the languages that there are, in order."""
        return tuple(sorted(self._catalogues))

    def closest(self, language: str | None) -> str:
        """The tag of the catalogue that serves a language."""
        return closest(language, self._catalogues, self.default)

    def name(self, language: str | None) -> str:
        """What the language calls itself: "Русский"."""
        tag = self.closest(language)
        return str(Locale.parse(tag, sep="-").get_display_name()).capitalize()

    def text(self, language: str | None, msgid: str, /, **values: object) -> str:
        """The string in the language, its `{values}` put in."""
        return fill(RichText(self._in(language).gettext(msgid)), values).text

    def plural(
        self, language: str | None, one: str, many: str, count: int, /, **values: object
    ) -> str:
        """The string in the form that the language uses for `count`, itself put in as {count}."""
        said = self._in(language).ngettext(one, many, count)
        return fill(RichText(said), {"count": count, **values}).text

    def rich(self, language: str | None, msgid: str, /, **values: object) -> RichText:
        """The same as `text` for a string with Markdown; the values stay literal."""
        return fill(parse(self._in(language).gettext(msgid)), values)

    def date(self, language: str | None, at: datetime) -> str:
        """The day, spelt out: "5 января 2026 г."; `at` is in the zone that is to be shown."""
        return self.day(language, at.date())

    def day(self, language: str | None, day: Day) -> str:
        """The same for a day without a time."""
        return str(format_date(day, "long", locale=Locale.parse(self.closest(language), sep="-")))

    def number(self, language: str | None, number: Decimal) -> str:
        """The number with the language's own signs: "12 345,5"; grouped from five digits on."""
        return str(
            format_decimal(
                number,
                locale=Locale.parse(self.closest(language), sep="-"),
                decimal_quantization=False,
                group_separator=abs(number) >= GROUPED,
            )
        )

    def _in(self, language: str | None) -> GNUTranslations:
        return self._catalogues[self.closest(language)]


def _catalogue(path: Path) -> GNUTranslations:
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return GNUTranslations(compiled)
