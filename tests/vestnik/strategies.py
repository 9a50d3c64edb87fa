"""Made-up words of the house, for properties."""

from datetime import UTC, date, datetime
from typing import Any, get_args

from hypothesis import strategies as st

from vestnik.address import Address, ChannelName
from vestnik.clusters import parted
from vestnik.conditions import (
    Ago,
    Between,
    ComingUp,
    Compared,
    Condition,
    Day,
    Known,
    Number,
    OneOf,
)
from vestnik.inbound import (
    AccountChanged,
    Allowed,
    AnsweredElsewhere,
    Author,
    ButtonPressed,
    Closed,
    ContactShared,
    DeliveryReported,
    Edited,
    Inbound,
    MediaReceived,
    Moved,
    Reacted,
    Started,
    Stopped,
    TemplateChanged,
    TextReceived,
)
from vestnik.outbound import (
    Button,
    Card,
    ContactButton,
    CopyButton,
    LinkButton,
    Media,
    Message,
    Template,
    Text,
)
from vestnik.outcome import (
    Cause,
    ChannelDown,
    Declined,
    Rejected,
    Temporary,
    Throttled,
    Unreachable,
    WindowClosed,
)
from vestnik.richtext import RichText, Span, Style
from vestnik.route import Route, Step
from vestnik.segment import (
    Active,
    All,
    Consented,
    Fact,
    Not,
    On,
    Segment,
    Speaks,
    Targeted,
)
from vestnik.segment import Any as AnyOf

words = st.text(max_size=20)
names = st.sampled_from(["telegram", "vk", "whatsapp", "sms"]).map(ChannelName)
times = st.integers(0, 2**31 - 1).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@st.composite
def rich_texts(draw: st.DrawFn, text: st.SearchStrategy[str] = words) -> RichText:
    """A text whose spans lie within it, in the order of their start."""
    body = draw(text)
    if not body:
        return RichText(body)
    ends = st.tuples(st.integers(0, len(body) - 1), st.integers(1, len(body)))
    places = draw(st.lists(ends.filter(lambda it: it[0] < it[1]), max_size=4).map(sorted))
    styles: st.SearchStrategy[Style] = st.sampled_from(get_args(Style))
    spans = []
    for start, end in places:
        style = draw(styles)
        url = "https://example.com/a" if style == "link" else None
        spans.append(Span(start, end, style, url))
    return RichText(body, tuple(spans))


LETTERS = st.sampled_from("яЯa.😀👩🏽🇷🇺\u200d\u0301 \n")
SPACES = [" ", "\n", "\r\n", "\n\n"]
CLUSTERS = ["👩🏽", "👨\u200d👩\u200d👧", "🇷🇺", "e\u0301", " \u0301", "1\ufe0f\u20e3"]
WORDS = ["я", "слово", "A.", "Да! ", "https://e.ru/я"]
speech = st.lists(st.sampled_from(SPACES + CLUSTERS + WORDS), max_size=80).map("".join)
"""What people write: whole characters as they see them, words, addresses, all kinds of space."""


@st.composite
def nested(draw: st.DrawFn) -> RichText:
    """What Markdown gives: styles that lie within or beside each other, around whole characters."""
    text = draw(speech)
    ends = [at for at in range(len(text) + 1) if parted(text, at)]
    drawn = draw(st.lists(st.tuples(st.sampled_from(ends), st.sampled_from(ends)), max_size=8))
    places: list[tuple[int, int]] = []
    for start, end in drawn:
        apart = all(end <= s or e <= start for s, e in places)
        within = all(end <= s or e <= start or (s <= start and end <= e) for s, e in places)
        if start < end and (apart or within):
            places.append((start, end))
    styles: st.SearchStrategy[Style] = st.sampled_from(get_args(Style))
    drawn_styles = [draw(styles) for _ in places]
    spans = [
        Span(start, end, style, "https://e.ru" if style == "link" else None)
        for (start, end), style in zip(places, drawn_styles, strict=True)
    ]
    return RichText(text, tuple(sorted(spans, key=lambda span: span.start)))


buttons = st.one_of(
    st.builds(Button, words, words, st.sampled_from([None, "primary", "positive", "negative"])),
    st.builds(CopyButton, words, words),
    st.builds(LinkButton, words, words),
    st.builds(ContactButton, words),
)
media = st.builds(Media, st.sampled_from(["image", "video", "document"]), words)
cards = st.builds(
    Card, words, words, st.none() | media, st.builds(Button, words, words).map(lambda it: (it,))
)
texts = st.builds(
    Text,
    rich_texts(),
    st.lists(buttons, max_size=4).map(tuple),
    st.lists(media, max_size=2).map(tuple),
    st.lists(cards, max_size=2).map(tuple),
    st.none() | words,
    st.none() | words,
)
templates = st.builds(
    Template,
    words,
    words,
    st.lists(words).map(tuple),
    names=st.lists(words).map(tuple),
)
messages: st.SearchStrategy[Message] = st.one_of(texts, templates)

addresses = st.builds(Address, names, words, words)
causes: st.SearchStrategy[Cause] = st.one_of(
    st.builds(Throttled, st.floats(0, 100), st.sampled_from(["lane", "address"])),
    st.builds(Temporary, words),
    st.builds(Unreachable, st.sampled_from(["blocked", "no_account", "not_allowed", "opted_out"])),
    st.builds(Declined, words),
    st.builds(WindowClosed),
    st.builds(Rejected, words),
    st.builds(ChannelDown, words),
)


def _happened(event: type[Any], /, **also: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(
        event,
        event_id=words,
        address=addresses,
        author=st.builds(Author, words, words, st.none() | words, st.none() | words),
        at=times,
        in_group=st.booleans(),
        reference=st.none() | words,
        reply_to=st.none() | words,
        shows=st.none() | st.frozensets(words, max_size=3),
        source=st.none() | words,
        **also,
    )


inbounds: st.SearchStrategy[Inbound] = st.one_of(
    _happened(Started, payload=st.none() | words),
    _happened(TextReceived, text=words),
    _happened(ButtonPressed, payload=words, press=st.none() | words),
    _happened(ContactShared, phone=words, own=st.booleans()),
    _happened(MediaReceived, kind=st.sampled_from(["image", "voice", "other"])),
    _happened(Edited, text=words),
    _happened(Reacted, emoji=words),
    _happened(AnsweredElsewhere, text=words),
    _happened(Moved, to=words),
    _happened(TemplateChanged, name=words, language=words, status=st.none() | words, why=words),
    _happened(
        AccountChanged, what=words, stops=st.sampled_from([None, "everything", "broadcasts"])
    ),
    _happened(Stopped),
    _happened(Allowed),
    _happened(Closed),
    _happened(
        DeliveryReported,
        state=st.sampled_from(["accepted", "delivered", "read", "failed"]),
        handle=st.none() | words,
        and_earlier=st.booleans(),
        cause=st.none() | causes,
        cost=st.none() | words,
    ),
)

steps = st.builds(
    Step,
    names,
    st.sampled_from(["accepted", "delivered", "read"]),
    st.integers(1, 100_000).map(float),
    st.sampled_from([None, "park", "next"]),
)
routes: st.SearchStrategy[Route] = st.lists(steps, min_size=1, max_size=5).map(tuple)

QUESTIONS = ["city", "interest", "visits", "birthday"]
ANSWERS = [
    "Казань",
    "КАЗАНЬ",
    "Орёл",
    "орел",
    "кофе",
    "3",
    "-3",
    "0.1",
    "1000.50",
    "1990-12-31",
    "2026-05-01",
    "2024-02-29",
    "2026-04-20",
    "2026-05-05",
    "2026-02-30",
]
_days = st.sampled_from(ANSWERS[-6:-1]).map(date.fromisoformat).map(Day)
_numbers = st.sampled_from([-3.0, 0.1, 3.0, 1000.5]).map(Number)
_signs = st.sampled_from(["=", "<", "<=", ">", ">="])
_past = st.builds(Ago, st.integers(0, 60).map(lambda days: 24 * days))
_hours = st.builds(Ago, st.integers(0, 1500))
conditions: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Known),
    st.builds(OneOf, st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=3).map(tuple)),
    st.builds(Compared, _signs, st.one_of(_numbers, _days, _past)),
    st.builds(Between, _numbers, _numbers),
    st.builds(Between, _days, _days),
    st.builds(ComingUp, st.integers(0, 400), st.just(True)),
)
moments: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Known),
    st.builds(Compared, _signs, _days),
    st.builds(Compared, _signs.filter(lambda sign: sign != "="), _hours),
    st.builds(Between, _days, _days),
)
_sources = st.sampled_from(["anywhere", "answers", "profile"])
leaves: st.SearchStrategy[Segment] = st.one_of(
    st.builds(Fact, st.sampled_from(QUESTIONS), conditions, _sources),
    st.builds(Fact, st.just("visits"), st.builds(ComingUp, st.integers(0, 30)), _sources),
    st.builds(Active, st.sampled_from(["seen", "answered", "reached", "clicked"]), moments),
    st.builds(Consented, st.sampled_from(["personal_data", "advertising", "service"])),
    st.builds(On, names),
    st.builds(Speaks, st.sampled_from(["ru", "en", "pt", "pt-BR"])),
    st.builds(Targeted, st.sampled_from([1, 2]), st.booleans()),
)
segments: st.SearchStrategy[Segment] = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.builds(All, st.lists(parts, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(parts, max_size=3).map(tuple)),
        st.builds(Not, parts),
    ),
    max_leaves=6,
)
