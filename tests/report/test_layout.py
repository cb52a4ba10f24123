"""Drawings are deterministic, stay in their frame, and keep near what is near."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.report.layout import lay_out

EDGES = st.integers(2, 14).flatmap(
    lambda n: st.tuples(st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=20))
)


@given(EDGES, st.randoms())
def test_nodes_stay_in_the_frame_whatever_the_order_of_edges(graph: tuple[int, list[tuple[int, int]]], random: object) -> None:
    n, edges = graph
    edges = [(one, other) for one, other in edges if one != other]
    at = lay_out(n, edges, 600, 300)
    assert at.shape == (n, 2)
    assert (at >= -1e-6).all()
    assert (at <= np.array([600, 300]) + 1e-6).all()
    mixed = [(other, one) for one, other in edges]
    random.shuffle(mixed)  # type: ignore[attr-defined]  # Hypothesis hands out a random.Random
    np.testing.assert_allclose(at, lay_out(n, mixed, 600, 300))


def test_a_chain_is_drawn_as_a_line() -> None:
    at = lay_out(5, [(0, 1), (1, 2), (2, 3), (3, 4)], 400, 300)
    assert np.ptp(at[:, 0]) > 5 * np.ptp(at[:, 1])
    assert (np.diff(at[:, 0]) > 50).all()


def test_a_lone_node_stands_in_the_middle() -> None:
    assert lay_out(1, [], 400, 300).tolist() == [[200, 150]]
    assert lay_out(0, [], 400, 300).shape == (0, 2)
