"""Reads CSV and XLSX row by row; whatever is wrong with a file is told before anything is used."""

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

MOST_CELLS = 3_000_000
"""Of an XLSX: its sheet is held in memory whole, also what is empty between filled cells.

2 400 000 cells took 254 MB. A CSV of a million rows took 22 MB: it is read row by row.
"""

MOST_BYTES = 1_000_000_000
"""What an XLSX may unpack to."""

_DELIMITERS = ",;\t"
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_CHUNK = 1 << 20

Cell = str | float | int | bool | date | datetime | time | timedelta


class Unreadable(ValueError):
    """The file is no table that we can read; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in the file, from 1, and its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose first row with anything in it names the columns."""

    path: Path
    encoding: str = "utf-8-sig"

    def rows(self) -> Iterator[Row]:
        """All rows that are not empty, the names of the columns first; raises Unreadable."""
        with _told(self.path):
            read = self._sheet() if self._is_workbook() else self._lines()
            for number, cells in read:
                texts = tuple(cell.strip().replace("\0", "") for cell in cells)
                if any(texts):
                    yield Row(number, texts)

    def _is_workbook(self) -> bool:
        with self.path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"

    def _lines(self) -> Iterator[tuple[int, Sequence[str]]]:
        with self.path.open(encoding=self.encoding, newline="") as file:
            first = file.readline()
            file.seek(0)
            delimiter = max(_DELIMITERS, key=first.count)
            yield from enumerate(csv.reader(file, delimiter=delimiter, strict=True), 1)

    def _sheet(self) -> Iterator[tuple[int, Sequence[str]]]:
        _measure(self.path)
        with CalamineWorkbook.from_path(self.path) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            for number, cells in enumerate(sheet.iter_rows(), 1):
                yield number, [_text(cell) for cell in cells]


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"{path} is not {error.encoding}: save it as UTF-8, or name its --encoding "
            "(cp1251 is what Excel writes in Russia)."
        ) from None
    except LookupError:
        raise Unreadable("There is no such --encoding; utf-8 and cp1251 are usual ones.") from None
    except csv.Error as error:
        raise Unreadable(f"{path} is no CSV: {error}.") from None
    except (CalamineError, zipfile.BadZipFile) as error:
        raise Unreadable(f"{path} is no XLSX that can be read: {error}.") from None
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror or error}.") from None


def _measure(path: Path) -> None:
    """Raise Unreadable for what would not fit into memory, before it is there."""
    with zipfile.ZipFile(path) as packed:
        unpacked = sum(it.file_size for it in packed.infolist())
        if unpacked > MOST_BYTES:
            raise Unreadable(f"{path} is too large for an XLSX: save it as CSV.")
        for it in packed.infolist():
            if it.filename.startswith("xl/worksheets/") and _extent(packed, it) > MOST_CELLS:
                raise Unreadable(f"{path} has too many cells for an XLSX: save it as CSV.")


def _extent(packed: zipfile.ZipFile, sheet: zipfile.ZipInfo) -> int:
    """Cells of the rectangle that holds all cells of a sheet."""
    rows = columns = 0
    rest = b""
    with packed.open(sheet) as file:
        while chunk := file.read(_CHUNK):
            for letters, number in _PLACE.findall(rest + chunk):
                rows, columns = max(rows, int(number)), max(columns, _column(letters))
            rest = chunk[-16:]
    return rows * columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _text(cell: Cell) -> str:
    """A cell as it would be typed: 5, 0.5, 2026-12-31."""
    match cell:
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return str(cell.date())
        case float():
            return format(cell, ".15g")
        case _:
            return str(cell)
