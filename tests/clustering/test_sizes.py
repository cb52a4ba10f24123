"""The summary of cluster sizes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.clustering import summarize_sizes


@given(st.lists(st.integers(0, 6), max_size=30), st.integers(1, 4))
def test_it_adds_up(names, top):
    labels = np.array([names.index(name) for name in names], np.int32)
    sizes = summarize_sizes(labels, top=top)
    counts = {label: labels.tolist().count(label) for label in labels.tolist()}
    assert sizes.records == len(labels) == sum(size * number for size, number in sizes.distribution)
    assert sizes.clusters == len(counts) == sum(number for _, number in sizes.distribution)
    assert list(sizes.largest) == sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:top]
