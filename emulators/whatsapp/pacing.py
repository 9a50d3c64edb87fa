"""Template pacing: messages held back until Meta has seen how the first ones are received."""

from collections import defaultdict
from collections.abc import Callable

from emulators.whatsapp.settings import Template

Act = Callable[[], object]
Key = tuple[str, str]


class Pacing:
    """What is held of each template; the answer says `held_for_quality_assessment`."""

    def __init__(self) -> None:
        self._held: defaultdict[Key, list[tuple[Act, Act]]] = defaultdict(list)
        self._paced: set[Key] = set()

    def begin(self, name: str, language: str) -> None:
        """Hold back what is sent of a template from now on."""
        self._paced.add((name, language))

    def holds(self, template: Template | None) -> bool:
        """Whether messages of this template are held back now."""
        return template is not None and (template.name, template.language) in self._paced

    def keep(self, template: Template, *, release: Act, drop: Act) -> None:
        """Hold a message back until one of its two ends."""
        self._held[template.name, template.language].append((release, drop))

    def end(self, name: str, language: str, *, dropped: bool) -> int:
        """Let everything go that was held, or drop it; gives how many messages that were."""
        self._paced.discard((name, language))
        held = self._held.pop((name, language), [])
        for release, drop in held:
            (drop if dropped else release)()
        return len(held)
