"""Links that open the dialog in each messenger, and their QR codes for paper."""

from pathlib import Path

import segno
import typer

from app.starting import house
from vestnik.abilities import BadPayload, Linking, SetupFailed

QR_SCALE = 8
"""Pixels (or SVG units) of a QR code's module."""


async def show_links(payload: str, folder: Path | None) -> int:
    """Print a link for each messenger; with a folder, write its QR codes (SVG and PNG) there.

    1 when a link cannot be made.
    """
    built = house()
    failed = False
    try:
        linking = [
            (lane, channel)
            for lane, channel in built.channels.items()
            if isinstance(channel, Linking)
        ]
        if not linking:
            typer.echo("No messenger is switched on: set its token first.", err=True)
            return 1
        for lane, channel in linking:
            try:
                address = await channel.link(payload)
            except (BadPayload, SetupFailed) as error:
                typer.echo(f"{lane}: {error}", err=True)
                failed = True
                continue
            typer.echo(f"{lane}: {address}")
            if folder is not None:
                _write(address, folder / f"{lane.channel}-{lane.account}-{payload}")
    finally:
        await built.aclose()
    return int(failed)


def _write(address: str, base: Path) -> None:
    base.parent.mkdir(parents=True, exist_ok=True)
    code = segno.make(address, error="m", micro=False)
    for ending in ("svg", "png"):
        path = base.with_name(f"{base.name}.{ending}")
        code.save(str(path), scale=QR_SCALE)
        typer.echo(f"  {path}")
