"""What the Bot API has no words for."""


class Unsayable(ValueError):
    """This cannot be said; the text is the code of the rejection."""
