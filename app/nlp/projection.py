"""A map for looking at, not for measuring: groups as islands, alike ones near each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.nlp.vectors import Labels, Vectors, centroids, compact, rows_by_label, unit

Points = NDArray[np.float32]

GAP = 1.25
ROUNDS = 300
STRAY_RADIUS = 0.35


def project(vectors: Vectors, missions: Labels, projects: Labels) -> Points:
    """Draw texts in two dimensions.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dimensions)
        Rows of unit length.
    missions, projects : ndarray of shape (n_texts,)
        Nested labels; -1 for none.

    Returns
    -------
    ndarray of shape (n_texts, 2), float32
        Within -1 … 1. Each mission is a disc with an area in proportion to its texts, each project a disc inside it;
        discs of like groups are near each other and do not overlap; a group's most typical text is at its middle.
        Ungrouped texts lie between the missions they are nearest to.

    References
    ----------
    W. S. Torgerson, "Multidimensional scaling: I. Theory and method", 1952.
    """
    points = np.zeros((len(vectors), 2), dtype=np.float64)
    if not len(vectors):
        return points.astype(np.float32)
    labels, names = compact(missions)
    sizes = np.bincount(labels[labels >= 0], minlength=len(names))
    middles = centroids(vectors, labels, len(names))
    places = islands(middles, np.sqrt(sizes), spread=True)
    for mission, rows in rows_by_label(labels).items():
        points[rows] = places[mission] + inland(vectors[rows], projects[rows])
    strays = np.flatnonzero(labels < 0)
    points[strays] = between(vectors[strays], middles, places, np.sqrt(sizes))
    return fitted(points)


def islands(middles: Vectors, radii: NDArray[np.floating], *, spread: bool) -> NDArray[np.float64]:
    """Place discs so that like ones are near and none overlap."""
    if not len(middles):
        return np.zeros((0, 2))
    places = scaled(middles)
    reach = float(np.sqrt((radii**2).sum())) * (2.0 if spread else 1.2)
    places *= reach / max(float(np.abs(places).max()), 1e-9)
    needed = (radii[:, None] + radii[None, :]) * (GAP if spread else 1.05)
    for _ in range(ROUNDS):
        away = places[:, None, :] - places[None, :, :]
        distance = np.sqrt((away**2).sum(axis=2)) + np.eye(len(places))
        overlap = np.clip(needed - distance, 0, None) * (1 - np.eye(len(places)))
        if overlap.max(initial=0.0) < 1e-3 * radii.max():
            break
        places += 0.5 * (away / np.maximum(distance, 1e-9)[:, :, None] * overlap[:, :, None]).sum(axis=1) / 2
    # What is left over of the room is drawn in, gently, so that the map has no empty middle.
    return np.asarray(places - places.mean(axis=0))


def scaled(vectors: Vectors) -> NDArray[np.float64]:
    """Find the two directions in which vectors differ most; the coordinates along them, with fixed signs."""
    count = len(vectors)
    if count == 1:
        return np.zeros((1, 2))
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    left, strength, _ = np.linalg.svd(centred, full_matrices=False)
    found = np.zeros((count, 2))
    width = min(2, left.shape[1])
    found[:, :width] = left[:, :width] * strength[:width]
    for axis in range(2):
        largest = found[np.argmax(np.abs(np.round(found[:, axis], 9))), axis]
        found[:, axis] *= -1.0 if largest < 0 else 1.0
    # Two alike groups would sit on each other and could not be pushed apart: a turn of the circle tells them apart.
    turn = 2.399963 * np.arange(count)
    return np.asarray(
        found + 1e-3 * (np.abs(found).max() + 1e-6) * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    )


def inland(vectors: Vectors, projects: Labels) -> NDArray[np.float64]:
    """Place the texts of one mission around its middle: projects as discs, the rest as one more disc."""
    parts, _ = compact(projects)
    parts = np.where(parts < 0, parts.max(initial=-1) + 1, parts)
    count = int(parts.max()) + 1
    if count == 1:
        return disc(vectors)
    sizes = np.bincount(parts, minlength=count)
    radii = np.sqrt(np.maximum(sizes, 1))
    places = islands(centroids(vectors, parts, count), radii, spread=False)
    places *= min(1.0, np.sqrt(len(vectors)) / max(float((np.hypot(*places.T) + radii).max()), 1e-9))
    shrink = min(1.0, np.sqrt(len(vectors)) / float(np.sqrt((radii**2).sum())) * 0.9)
    points = np.zeros((len(vectors), 2))
    for part, rows in rows_by_label(parts).items():
        points[rows] = places[part] + shrink * disc(vectors[rows])
    return points


def disc(vectors: Vectors) -> NDArray[np.float64]:
    """Fill a disc of area proportional to the texts: the most typical at the middle, alike ones on one side."""
    count = len(vectors)
    middle = unit(vectors.mean(axis=0, keepdims=True))[0]
    far = np.argsort(np.argsort(-np.round(vectors @ middle, 6), kind="stable"), kind="stable")
    radius = np.sqrt((far + 0.5) / count) * np.sqrt(count) * 0.92
    angle = 2.399963 * far if count < 4 else turned(vectors)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def turned(vectors: Vectors) -> NDArray[np.float64]:
    """Give each text an angle: the order by main direction, spread evenly over the circle."""
    centred = vectors - vectors.mean(axis=0)
    random = np.random.default_rng(0)
    basis = random.standard_normal((vectors.shape[1], 2))
    for _ in range(8):
        basis = np.linalg.qr(centred.T @ (centred @ basis.astype(np.float32)).astype(np.float64))[0]
    plane = centred @ basis
    order = np.argsort(np.round(np.arctan2(plane[:, 1], plane[:, 0]), 5), kind="stable")
    angle = np.zeros(len(vectors))
    angle[order] = 2 * np.pi * (np.arange(len(vectors)) + 0.5) / len(vectors)
    return angle


def between(
    vectors: Vectors, middles: Vectors, places: NDArray[np.float64], radii: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Place ungrouped texts just off the shore of the mission they are nearest to."""
    turn = 2.399963 * np.arange(len(vectors))
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    if not len(middles):
        return np.asarray(ring * np.sqrt(np.arange(len(vectors)) + 0.5)[:, None])
    near = np.round(vectors @ middles.T, 6).argmax(axis=1)
    return np.asarray(places[near] + ring * (radii[near] * (1 + STRAY_RADIUS / 2))[:, None])


def fitted(points: NDArray[np.float64]) -> Points:
    """Move and scale points into -1 … 1, both axes alike."""
    low, high = points.min(axis=0), points.max(axis=0)
    half = max(float((high - low).max()) / 2, 1e-9)
    found: Points = np.clip((points - (low + high) / 2) / half, -1, 1).astype(np.float32)
    return found
