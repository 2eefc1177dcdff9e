"""Arithmetic with NaN for what is not defined: by hand."""

import numpy as np
import pytest

from kit.measures.undefined import divide, floats, log2


def test_what_is_undefined_is_nan_and_never_an_infinity() -> None:
    np.testing.assert_array_equal(
        divide([6, 1, 0, np.nan], [3, 0, 0, 1]), [2, np.nan, np.nan, np.nan]
    )
    np.testing.assert_array_equal(log2([8, 1, 0, -1, np.nan]), [3, 0, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(floats([2, 0, -1, np.nan]), [2, 0, np.nan, np.nan])


def test_shapes_broadcast_and_plain_numbers_will_do() -> None:
    assert divide([[1], [2]], [1, 2, 4]).shape == (2, 3)
    assert float(divide(1, 4)) == pytest.approx(0.25)
    assert divide(1, 0).shape == log2(0).shape == floats(3).shape == ()
