import json

from hypothesis import given
from hypothesis import strategies as st

from app.api.segment_json import SegmentFilter, read, write
from tests.vestnik import strategies
from vestnik.address import ChannelName
from vestnik.conditions import Ago, Compared
from vestnik.segment import Active, All, Any, Consented, Not, On, Segment, answered

words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
leaves: st.SearchStrategy[Segment] = st.one_of(
    st.builds(answered, words, st.lists(words, max_size=3).map(tuple)),
    st.builds(Consented, st.sampled_from(["advertising", "personal_data", "service"])),
    st.builds(On, words.map(ChannelName)),
    strategies.leaves,
)
segments = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.builds(All, st.lists(parts, max_size=3).map(tuple)),
        st.builds(Any, st.lists(parts, max_size=3).map(tuple)),
        st.builds(Not, parts),
    ),
    max_leaves=8,
)


@given(segments)
def test_what_is_written_reads_as_the_same_segment(segment: Segment) -> None:
    assert read(write(segment)) == segment


@given(segments)
def test_also_through_text(segment: Segment) -> None:
    text = write(segment).model_dump_json(by_alias=True)
    assert read(SegmentFilter.model_validate_json(text)) == segment


def test_the_keys_of_an_object_all_hold() -> None:
    given = {"question": "city", "in": ["Казань"], "not": {"channel": "vk"}}
    segment = read(SegmentFilter.model_validate_json(json.dumps(given)))
    assert segment == All((Not(On(ChannelName("vk"))), answered("city", ("Казань",))))


def test_only_what_is_said_is_written() -> None:
    shown = write(Not(Active("seen", Compared("<=", Ago(24 * 30))))).model_dump(by_alias=True)
    assert shown == {"not": {"seen_within_days": 30}}
