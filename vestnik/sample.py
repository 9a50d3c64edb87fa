"""The newest answers in two numbers: how many they are, and how many of them are failures."""

from dataclasses import dataclass

NOTHING_LEFT = 0.5
"""Less than half a failure is none: the sample is clean again and need not be kept."""


@dataclass(frozen=True, slots=True)
class Sample:
    """About the newest answers; fractions, since older ones make room evenly, not one by one."""

    answers: float = 0.0
    failures: float = 0.0

    @property
    def share(self) -> float:
        """The failures' share, 0 to 1."""
        return self.failures / self.answers if self.answers else 0.0

    def fed(self, answers: int, failures: int, size: int) -> "Sample":
        """The sample with newer answers; never more than `size`, the older ones go first.

        A sample begins with the first failure: while nothing fails it stays empty, and there is
        nothing to store.
        """
        if not answers:
            return self
        newer = min(1.0, size / answers)
        room = max(0, size - answers)
        older = min(1.0, room / self.answers) if self.answers else 0.0
        failed = self.failures * older + failures * newer
        if failed < NOTHING_LEFT:
            return EMPTY
        return Sample(self.answers * older + answers * newer, failed)


EMPTY = Sample()
