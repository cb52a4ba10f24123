"""Arrays straight from buffers equal Arrow's own conversions, and import no pandas."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.tables.arrays import arrow_array, numpy_array, text_array, text_scalar

TYPES = [pa.int8(), pa.int32(), pa.int64(), pa.uint8(), pa.uint64(), pa.float64(), pa.bool_()]
small = st.lists(st.one_of(st.none(), st.integers(0, 100)))


@given(small, st.sampled_from(TYPES), st.integers(0, 20), st.integers(0, 20))
def test_numbers_come_out_as_arrow_says_whatever_the_slice(values, kind, start, length):
    plain = [None if v is None else v % 2 == 0 for v in values] if kind == pa.bool_() else values
    array = pa.array(plain, kind).slice(start, length)
    found = numpy_array(array, null=0)
    assert found.tolist() == [value or 0 for value in array.to_pylist()]
    assert found.dtype == kind.to_pandas_dtype()


@given(st.lists(st.integers(0, 100)), st.sampled_from(TYPES), st.sampled_from([1, 2, -1]))
def test_numpy_arrays_go_in_and_come_back(values, kind, step):
    array = np.array(values, kind.to_pandas_dtype())[::step]
    there = arrow_array(array)
    assert there.equals(pa.array(array))
    there.validate(full=True)
    assert np.array_equal(numpy_array(there), array)


@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"])))))
def test_text_equals_arrows(values):
    found = text_array(values)
    found.validate(full=True)
    assert found.equals(pa.array(values, pa.large_string()))


def test_text_that_is_no_unicode_is_refused_as_arrow_refuses_it():
    for build in (text_array, lambda values: pa.array(values, pa.large_string())):
        with pytest.raises(UnicodeEncodeError):
            build(["\ud800"])


@pytest.mark.parametrize("value", ["", "x", "Łódź", None])
def test_scalars_are_large_strings(value):
    assert text_scalar(value).equals(pa.scalar(value, pa.large_string()))


def test_no_conversion_imports_pandas():
    code = (
        "import sys, numpy as np\n"
        "from omniid.tables.arrays import arrow_array, numpy_array, text_array, text_scalar\n"
        "numpy_array(arrow_array(np.arange(3))), numpy_array(text_array(['a', None]).is_null()), text_scalar('a')\n"
        "assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
