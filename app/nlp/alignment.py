"""Vectors made ready to be compared: without what a text has only from its language or the name of the place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.nlp.languages import centre_by_language
from app.nlp.names import without_common_names
from app.nlp.vectors import Vectors, checked


def aligned(texts: Sequence[str], vectors: NDArray[np.floating], languages: Sequence[str] | None) -> Vectors:
    """Return the vectors in which groups are found, measured and described.

    Parameters
    ----------
    texts : sequence of str, length n_texts
    vectors : ndarray of shape (n_texts, n_dimensions)
        As the model made them.
    languages : sequence of str, length n_texts, optional
        Without them the vectors are only scaled to unit length.

    Returns
    -------
    ndarray of shape (n_texts, n_dimensions)

    Raises
    ------
    ValueError
        If lengths differ or a vector holds NaN or infinity.
    """
    found = checked(vectors, len(texts))
    if languages is None:
        return found
    return centre_by_language(without_common_names(found, texts, languages), languages)
