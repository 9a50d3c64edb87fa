"""Boxes stand apart, ways lead down, and the same graph is always drawn alike."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dialogs.graph import Edge, Node, graph
from dialogs.layout import layout
from dialogs.scenario import SHIPPED, load, parse
from tests.dialogs.test_check import SOUND

names = st.sampled_from("abcdefghij")
graphs = st.lists(st.tuples(names, names), max_size=30)


@given(graphs)
def test_boxes_stand_apart_and_roads_lead_from_layer_to_layer(edges: list[tuple[str, str]]) -> None:
    nodes = sorted({name for edge in edges for name in edge})
    placed = layout(nodes, edges)
    assert set(placed.places) == set(nodes)
    for row in {row for _, row in placed.places.values()}:
        columns = sorted(column for column, layer in placed.places.values() if layer == row)
        assert all(right - left >= 0.999 for left, right in pairwise(columns))
    for (start, end), road in placed.roads.items():
        assert road[0] == placed.places[start]
        assert road[-1] == placed.places[end]
        assert {abs(one[1] - other[1]) for one, other in pairwise(road)} == {1}
    assert layout(nodes, edges) == placed


def test_what_leads_nowhere_back_leads_down() -> None:
    placed = layout("abcd", [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("d", "b")])
    assert [placed.places[name][1] for name in "abcd"] == [0, 1, 2, 3]
    assert [row for _, row in placed.roads["d", "b"]] == [3, 2, 1]


def test_a_long_chain_has_its_place() -> None:
    nodes = [str(number) for number in range(3_000)]
    assert layout(nodes, pairwise(nodes)).places["2999"] == (0.0, 2999)


def test_a_scenario_is_a_graph_with_its_conditions() -> None:
    drawn = graph(parse(SOUND), "ru")
    assert {
        Node("start", "start", "/start, магазин"),
        Node("spring →", "start", "spring-*"),
        Node("hello", "say", "Здравствуйте, {name}!"),
        Node("pause", "wait", "2h"),
        Node("sort", "branch", "answers.city, stock.left"),
    } <= set(drawn.nodes)
    assert {
        Edge("start", "hello"),
        Edge("city", "stock", "Москва"),
        Edge("city", "bye", "silent for 12h"),
        Edge("sort", "bye", "city = Казань"),
        Edge("sort", "pause", "stock.left ≥ 1"),
        Edge("sort", "person", "else"),
        Edge("data", "bye", "Нет"),
        Edge("stock", "bye", "failed"),
    } <= set(drawn.edges)


def test_every_step_of_the_shipped_is_drawn() -> None:
    for file in SHIPPED.glob("*.yaml"):
        scenario = load(file)
        drawn = {node.id for node in graph(scenario, "en").nodes}
        assert drawn >= set(scenario.steps)
