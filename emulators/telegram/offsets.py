"""Places in a text as Telegram tells them: faults of a markup stand at UTF-8 bytes."""


def byte_offset(text: str, index: int) -> int:
    """How many UTF-8 bytes stand before a character."""
    return len(text[:index].encode())


def slice_bytes(text: str, units: int) -> int | None:
    """The UTF-8 bytes before a UTF-16 offset; None when it splits a symbol in two."""
    try:
        return len(text.encode("utf-16-le")[: units * 2].decode("utf-16-le").encode())
    except UnicodeDecodeError:
        return None
