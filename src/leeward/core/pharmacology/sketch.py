"""Quantiles of streams of positive numbers, from counts.

A number falls into a bin by the leading bits of its floating-point form: its power of two and
seven further bits.  Bins are at most 0.79 % wide, counts add exactly whatever the order, so the
answer does not depend on how work was divided; within a bin ranks are spread evenly.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

BITS = 7
SHIFT = 52 - BITS
LOWEST = (1023 - 30) << BITS
"""First bin: 2**-30, about 1e-9; smaller numbers count as the lowest."""
BINS = 60 << BITS
WIDTH = 2.0**-BITS
"""Largest relative width of a bin [1]."""


def bin_of(values: FloatArray) -> Counts:
    """Bin of each number.

    Parameters
    ----------
    values : float array
        Numbers, >= 0.

    Returns
    -------
    int array
        Bins, 0 to ``BINS - 1``.
    """
    leading = values.view(np.int64) >> SHIFT
    return np.asarray(np.clip(leading - LOWEST, 0, BINS - 1))


def quantiles_of_counts(counts: Counts, probabilities: Sequence[float]) -> FloatArray:
    """Quantiles of each row of counts.

    Parameters
    ----------
    counts : int array, shape (k, BINS)
        How many numbers fell into each bin.
    probabilities : sequence of float
        Probabilities [1].

    Returns
    -------
    float array, shape (q, k)
        Quantiles, in the unit of the numbers.
    """
    edges = ((np.arange(BINS + 1) + LOWEST) << SHIFT).view(np.float64)
    total = counts.sum(axis=1)
    below = np.cumsum(counts, axis=1)
    result = np.empty((len(probabilities), counts.shape[0]))
    rows = np.arange(counts.shape[0])
    for i, probability in enumerate(probabilities):
        rank = probability * (total - 1) + 0.5
        bins = (below <= rank[:, None]).sum(axis=1)
        inside = counts[rows, bins]
        start = below[rows, bins] - inside
        share = (rank - start) / np.maximum(inside, 1)
        value = edges[bins] + share * (edges[bins + 1] - edges[bins])
        result[i] = np.where(bins == 0, 0.0, value)
    return result
