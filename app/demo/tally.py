"""The story in numbers: our ledger beside the platforms' own acceptance logs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.demo.stage import ADMIN_CHAT, Stage
from app.demo.story import MARK, Played
from app.inspection import check_ledger
from emulators.world import Human
from storage.database import Database
from storage.reports import Report


@dataclass(frozen=True, slots=True)
class Tally:
    """The last line of the demo, and whether it is as it has to be."""

    numbers: Mapping[str, Any]
    sound: bool


async def tally(stage: Stage, database: Database, played: Played) -> Tally:
    """Count what came of the broadcast on both sides."""
    async with database.read() as work:
        report = await work.reports.of(played.broadcast.id)
    findings = await check_ledger(database, {"whatsapp": 24})
    broken = [f"{it.guarantee}: {it.what} ({it.broken})" for it in findings if it.broken]
    accepted, wrongly = _accepted(stage, played.opted_out)
    numbers = {
        "audience": played.broadcast.audience,
        "states": report.states,
        "channels": report.channels,
        "accepted": accepted,
        "reached": report.reached,
        "skipped": report.skipped,
        "failed": report.failed,
        "segments": report.segments,
        "cost": str(report.cost),
        "opted_out": len(played.opted_out),
        "opted_out_reached": wrongly,
        "audit": broken or "clean",
    }
    return Tally(numbers, _sound(report, played, accepted, wrongly, broken))


def _accepted(stage: Stage, opted_out: Sequence[Human]) -> tuple[dict[str, int], int]:
    """Accepted by each platform, and by people who had opted out."""
    out = {handle for human in opted_out for handle in _handles(human)}
    counted: Counter[str] = Counter()
    wrongly = 0
    for entry in stage.world.accepted.find(containing=MARK):
        if entry.to == ADMIN_CHAT:
            continue  # the preview that the marketer looked at
        counted[entry.platform] += 1
        wrongly += (entry.platform, entry.to.lstrip("+")) in out
    return dict(sorted(counted.items())), wrongly


def _handles(human: Human) -> set[tuple[str, str]]:
    return {
        ("telegram", str(human.telegram)),
        ("vk", str(human.vk)),
        ("whatsapp", human.wa_id),
        ("whatsapp", human.bsuid),
        ("sms", human.wa_id),
    }


def _sound(
    report: Report,
    played: Played,
    accepted: Mapping[str, int],
    wrongly: int,
    broken: Sequence[str],
) -> bool:
    adds_up = sum(report.states.values()) == played.broadcast.audience
    return adds_up and dict(report.channels) == dict(accepted) and not wrongly and not broken
