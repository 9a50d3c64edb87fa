"""Prints every setting, its default and what it is for: `python -m app.settings_table`.

The output is tables in Markdown; docs/settings.md holds them, and `make docs` puts them there.
"""

from app.env_example import Row, sections


def printed() -> str:
    """A table for the house, one for each channel."""
    return "\n".join(_table(title, rows) for title, rows in sections())


def _table(title: str, rows: list[Row]) -> str:
    lines = [f"## {title}", "", "| setting | unless told | what it is for |", "| --- | --- | --- |"]
    lines += [
        f"| `{row.variable}` | {_code(row.default)} | {_cell(row.description)} |" for row in rows
    ]
    return "\n".join(lines) + "\n"


def _code(value: str) -> str:
    return f"`{_cell(value)}`" if value else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    print(printed(), end="")  # noqa: T201 - it is what the module is for
