"""Matrix exponentials of compartment systems, to high relative accuracy in every entry.

A compartment matrix has no negative entry off its diagonal.  Shifted by its largest diagonal
entry it has none at all, so its Taylor series and the squarings that follow only ever add
numbers of one sign: no cancellation, hence a small *relative* error in each entry, however small
that entry is, and no trouble with equal rates (defective matrices), zero rates or singular
matrices.  Method: Xue & Ye 2013, doi 10.1007/s00211-012-0508-2; blocks after Van Loan 1978.
"""

import math

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

_TERMS = 24
_SMALL = 2.0


def transition(rates: FloatArray, step_min: float) -> FloatArray:
    """Return exp(K h) for one matrix and one step.

    Parameters
    ----------
    rates : float array, shape (n, n)
        Matrix K [1/min], no negative entry off the diagonal.
    step_min : float
        Step h [min], >= 0.

    Returns
    -------
    float array, shape (n, n)
        Transition matrix [1].
    """
    n = rates.shape[-1]
    shift = max(0.0, -float(rates.diagonal().min()))
    positive = rates * step_min
    positive.flat[:: n + 1] += shift * step_min
    largest = float(positive.sum(axis=0).max())
    halvings = max(0, math.ceil(math.log2(largest / _SMALL))) if largest > _SMALL else 0
    positive *= 0.5**halvings
    result = np.eye(n) + positive / _TERMS
    for k in range(_TERMS - 1, 0, -1):
        result = positive @ result
        result /= k
        result.flat[:: n + 1] += 1.0
    result *= math.exp(-shift * step_min * 0.5**halvings)
    for _ in range(halvings):
        result = result @ result
    return result


def transitions(rates: FloatArray, steps_min: FloatArray) -> FloatArray:
    """Return exp(K h) for stacks of matrices, of steps, or of both.

    Parameters
    ----------
    rates : float array, shape (..., n, n)
        Matrices [1/min].
    steps_min : float array
        Steps [min], >= 0, broadcast against the leading axes of `rates`.

    Returns
    -------
    float array, shape (..., n, n)
        Transition matrices [1].
    """
    n = rates.shape[-1]
    diagonal = np.einsum("...ii->...i", rates)
    shift = np.maximum(0.0, -diagonal.min(axis=-1))
    steps = np.asarray(steps_min, dtype=float)
    positive = rates * steps[..., None, None]
    np.einsum("...ii->...i", positive)[...] += (shift * steps)[..., None]
    largest = positive.sum(axis=-2).max(axis=-1)
    with np.errstate(divide="ignore"):
        halvings = np.maximum(0, np.ceil(np.log2(largest / _SMALL))).astype(int)
    scale = 0.5**halvings
    positive *= scale[..., None, None]
    eye = np.eye(n)
    result = eye + positive / _TERMS
    for k in range(_TERMS - 1, 0, -1):
        result = np.matmul(positive, result)
        result /= k
        result += eye
    result *= np.exp(-shift * steps * scale)[..., None, None]
    for done in range(int(halvings.max(initial=0))):
        more = halvings > done
        result[more] = np.matmul(result[more], result[more])
    return np.asarray(result)
