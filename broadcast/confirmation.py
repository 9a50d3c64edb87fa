"""What the button that sends is bound to: one campaign, its content, the audience shown. Pure."""

from dataclasses import dataclass

PURPOSE = "start"
"""Of the nonces that start a campaign."""

TOLERATED_SHARE = 0.1
TOLERATED_PEOPLE = 10


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The campaign's number, the fingerprint of its plan, and how many people were shown."""

    number: int
    fingerprint: str
    people: int

    @property
    def subject(self) -> str:
        """As a nonce keeps it."""
        return f"{self.number}:{self.fingerprint}:{self.people}"

    def outgrown_by(self, people: int) -> bool:
        """Whether so many people are another audience than the one that was shown.

        Audiences live: a newcomer or two while one reads the preview are no reason to ask again.
        """
        tolerated = max(TOLERATED_PEOPLE, self.people * TOLERATED_SHARE)
        return abs(people - self.people) > tolerated


def read(subject: str) -> Confirmation:
    """The confirmation that a nonce keeps."""
    number, fingerprint, people = subject.split(":")
    return Confirmation(int(number), fingerprint, int(people))
