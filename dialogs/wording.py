"""Makes what people type comparable: case, spaces, punctuation and look-alike letters aside."""

import unicodedata

# Cyrillic letters that look like Latin ones (СТОП typed as "CTOП"); both become the Latin letter.
_LOOK_ALIKES = str.maketrans("авекмнорстухѕіј", "abekmhopctyxsij")


def folded(text: str) -> str:
    """The letters and digits of a text in one alphabet and case.

    A text that has neither ("👍", "+") is compared as it stands.
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(filter(str.isalnum, plain)).translate(_LOOK_ALIKES) or text.strip()
