"""Writes into the documents what is printed from the code: `python -m app.docs`, or `make docs`.

A document says what belongs where between two comments, which stay:
`<!-- printed by python -m app.capabilities -->` and `<!-- end of what is printed -->`.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from app import capabilities, env_example, settings_table

PRINTERS: Mapping[str, Callable[[], str]] = {
    "app.capabilities": capabilities.printed,
    "app.settings_table": settings_table.printed,
}
_BLOCK = re.compile(
    r"(?P<opening><!-- printed by python -m (?P<printer>\S+) -->\n)"
    r".*?"
    r"(?P<closing><!-- end of what is printed -->)",
    re.DOTALL,
)


def renewed(document: str) -> str:
    """The document with what its blocks would be now."""
    return _BLOCK.sub(_block, document)


def renew(folder: Path) -> list[Path]:
    """Rewrites the documents of a folder; gives those that changed."""
    wanted = {folder / ".env.example": env_example.printed()}
    for path in (folder / "README.md", *sorted((folder / "docs").glob("*.md"))):
        wanted[path] = renewed(path.read_text(encoding="utf-8"))
    changed = [path for path, text in wanted.items() if path.read_text(encoding="utf-8") != text]
    for path in changed:
        path.write_text(wanted[path], encoding="utf-8")
    return changed


def _block(block: re.Match[str]) -> str:
    printer = PRINTERS.get(block["printer"])
    if printer is None:
        known = ", ".join(PRINTERS)
        raise ValueError(f"{block['printer']} prints nothing: name one of {known}")
    return f"{block['opening']}\n{printer()}\n{block['closing']}"


if __name__ == "__main__":
    for renewed_path in renew(Path.cwd()):
        print(renewed_path.name)  # noqa: T201 - whoever runs it wants to know
