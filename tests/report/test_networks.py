"""A cluster's drawing shows its records, what holds them together, and where to look first."""

import networkx as nx

import omniid
from omniid.report.choice import choose_entities
from omniid.report.networks import LINKS, RECORDS, draw_network, short_names


def test_every_shown_cluster_hangs_together(found: omniid.Resolution) -> None:
    choice = choose_entities(found.parts)
    members = found.parts.entity.tolist()
    for entity in choice.shown:
        drawn = draw_network(found.parts, choice, entity)
        assert {node.row for node in drawn.nodes} == {row for row, of in enumerate(members) if of == entity}
        graph = nx.Graph((edge.one, edge.other) for edge in drawn.edges if edge.role != "other")
        graph.add_nodes_from(range(len(drawn.nodes)))
        assert nx.is_tree(graph)
        assert [edge.role for edge in drawn.edges].count("weakest") == (len(drawn.nodes) > 1)
        assert len({(edge.one, edge.other) for edge in drawn.edges}) == len(drawn.edges) <= LINKS
        assert {(drawn.nodes[edge.one].row, drawn.nodes[edge.other].row) for edge in drawn.edges[:10]} <= set(drawn.pairs)
        first = drawn.edges[0] if drawn.edges else None
        assert first is None or first.role == "weakest"


def test_a_large_cluster_is_drawn_around_its_weakest_link() -> None:
    rows = [{"id": f"{at:03}", "email": "ann@x.com", "name": "Ann Lee"} for at in range(RECORDS)]
    rows += [{"id": f"x{at}", "email": "ann@x.com", "loyalty_card": "77123", "name": "Ann Lee"} for at in range(9)]
    parts = omniid.resolve(rows).parts
    choice = choose_entities(parts)
    drawn = draw_network(parts, choice, choice.largest[0])
    assert (drawn.records, len(drawn.nodes), drawn.hidden) == (RECORDS + 9, RECORDS, 9)
    weakest = choice.weakest[choice.largest[0]]
    ends = {int(choice.bonds.left[weakest]), int(choice.bonds.right[weakest])}
    assert ends <= {node.row for node in drawn.nodes}


def test_short_names_are_unique() -> None:
    names = ["web", "web2", "we", "WEB", "¿?", "", "shop", "shop"]
    assert len(set(short_names(names))) == len(names)
