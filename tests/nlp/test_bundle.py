"""A bundle makes the same grouping again elsewhere, also with words withdrawn; what was changed in it is found."""

import io
import json
import random
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.nlp import bundle_files, regroup
from app.nlp.bundle import Bundle, Inputs, files_of
from app.nlp.bundle_files import BadBundle, Files, array_bytes, document_bytes
from app.nlp.bundle_public import only
from app.nlp.bundle_reading import opened, same_graph
from app.nlp.corrections import Apart, Level, Lock, Pin, SetApart, Together
from app.nlp.grouping import group
from app.nlp.partition import Previous
from app.nlp.small import Links
from app.nlp.ties import Ties

THEMES = 6
EACH = 20


def themed(seed: int = 3) -> tuple[list[str], np.ndarray]:
    """Texts around six directions, and some between them."""
    drawn = np.random.default_rng(seed)
    middles = np.eye(THEMES, 24)
    rows = [
        middles[theme] + 0.12 * drawn.standard_normal(24) for theme in range(THEMES) for _one in range(EACH)
    ]
    rows += [drawn.standard_normal(24) for _stray in range(5)]
    vectors = np.array(rows, dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [f"text number {at} about theme {at // EACH}" for at in range(len(vectors))], vectors


def made(corrections: tuple[Any, ...] = (), previous: Previous | None = None) -> Bundle:
    texts, vectors = themed()
    count = len(texts)
    inputs = Inputs(("en",) * count, tuple(at % 40 for at in range(count)), corrections, 7, previous)
    found = group(
        texts, vectors, languages=inputs.languages, authors=inputs.authors, corrections=corrections,
        previous=previous, random_state=7,
    )  # fmt: skip
    ids = tuple(f"t{random.Random(at).getrandbits(40):010x}" for at in range(count))
    return Bundle(
        ids, tuple(texts), vectors, inputs, found.missions, found.projects, tuple(map(str, found.reasons)), found.ties,
        found.parameters, tuple(f"s{at}" for at in range(count)),
    )  # fmt: skip


CORRECTIONS = (
    Together((0, 21)), Apart((40,), (60,)), Pin(80, (2, 3), Level.MISSION), SetApart(100),
    Lock(tuple(range(105, 110)), Level.PROJECT),
)  # fmt: skip


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return made(CORRECTIONS)


def all_files(bundle: Bundle) -> Files:
    files = files_of(bundle)
    if bundle.structure is not None:
        told = regroup.settle(bundle.structure, bundle.missions, bundle.projects)
        files["settled.json"] = document_bytes(told)
    return files


def written(bundle: Bundle, **changed: bytes) -> io.BytesIO:
    held = io.BytesIO()
    bundle_files.write({**all_files(bundle), **changed}, {"model": "none"}, held)
    return held


def test_what_is_written_is_what_is_opened(bundle: Bundle) -> None:
    _manifest, files, _fingerprint = bundle_files.read(written(bundle))

    again = opened(files)

    assert (again.ids, again.texts, again.inputs, again.reasons) == (
        bundle.ids, bundle.texts, bundle.inputs, bundle.reasons,
    )  # fmt: skip
    assert again.submissions == bundle.submissions
    assert (again.vectors == bundle.vectors).all()
    assert (again.missions == bundle.missions).all()
    assert isinstance(again.ties, Ties)
    assert isinstance(bundle.ties, Ties)
    assert same_graph(again.ties.near, bundle.ties.near)
    for one, other in zip(again.ties.communities(), bundle.ties.communities(), strict=True):
        assert (one == other).all()


def test_the_same_grouping_is_the_same_file_byte_for_byte(bundle: Bundle) -> None:
    assert written(bundle).getvalue() == written(bundle).getvalue()


def test_it_comes_out_the_same_from_ties_and_from_vectors(bundle: Bundle) -> None:
    found = regroup.regroup(written(bundle))

    assert found.is_same
    assert (found.from_vectors, found.same_ties) == ((0, 0), True)
    assert found.from_ties is not None
    assert all(level.differing == 0 for level in found.from_ties)
    assert found.from_ties[0].follow > 0.8 * found.rows
    assert found.gone == 0


def test_a_warm_run_comes_out_the_same_too(bundle: Bundle) -> None:
    previous = Previous(bundle.missions, bundle.projects, (1.0, 2.0), (10, 10))

    assert regroup.regroup(written(made((), previous))).is_same


def test_what_is_withdrawn_is_gone_and_the_labels_still_follow(bundle: Bundle) -> None:
    present = [at % 3 != 0 for at in range(len(bundle.ids))]
    smaller = only(bundle, present)

    held = written(smaller)
    found = regroup.regroup(held)

    assert found.is_same
    assert (found.rows, found.gone) == (present.count(True), present.count(False))
    assert (found.structure, found.from_vectors, found.same_ties) == ("ties", None, True)
    assert found.from_ties is not None
    assert found.from_ties[0].follow > 0.8 * found.rows
    _manifest, files, _fingerprint = bundle_files.read(held)
    everything = b"\n".join(files.values())
    for at, there in enumerate(present):
        assert (f'"text number {at} about'.encode() in everything) is there
        assert (f"\ts{at}\t".encode() in files["rows.tsv"]) is there
        assert (bundle.ids[at].encode() in everything) is there
        assert (bundle.vectors[at].tobytes() in everything) is there


def partners(labels: np.ndarray, kept: list[int]) -> np.ndarray:
    return labels[kept][:, None] == labels[kept][None, :]


def test_those_who_stay_keep_the_groups_of_the_run(bundle: Bundle) -> None:
    kept = [at for at in range(len(bundle.ids)) if at % 3]
    smaller = only(bundle, [at % 3 != 0 for at in range(len(bundle.ids))])

    for before, after in ((bundle.missions, smaller.missions), (bundle.projects, smaller.projects)):
        assert (partners(before, kept) == partners(after, list(range(len(kept))))).all()
        assert ((before[kept] < 0) == (after < 0)).all()


def small_bundle(count: int = 12) -> Bundle:
    texts, vectors = themed()
    few = [at * EACH // 4 for at in range(count)]
    texts, vectors = [texts[at] for at in few], vectors[few]
    inputs = Inputs(("en",) * count, tuple(range(count)))
    found = group(texts, vectors, languages=inputs.languages, authors=inputs.authors)
    return Bundle(
        tuple(map(str, range(count))), tuple(texts), vectors, inputs, found.missions, found.projects,
        tuple(map(str, found.reasons)), found.ties, found.parameters, tuple(f"s{at}" for at in range(count)),
    )  # fmt: skip


def test_few_texts_are_made_again_from_their_distances_also_when_some_are_gone() -> None:
    small = small_bundle()

    assert isinstance(small.ties, Links)
    assert small.missions.max() > 0
    whole = regroup.regroup(written(small))
    assert (whole.is_same, whole.structure, whole.same_ties, whole.from_vectors) == (
        True,
        "links",
        True,
        (0, 0),
    )
    left = regroup.regroup(written(only(small, [at != 5 for at in range(12)])))
    assert (left.is_same, left.structure, left.same_ties, left.gone) == (True, "links", True, 1)
    assert left.from_ties is not None
    assert left.from_ties[0].follow >= 8


def test_links_are_the_distances_that_grouped(bundle: Bundle) -> None:
    small = small_bundle()
    assert isinstance(small.ties, Links)
    near = small.ties.near * 0.999

    found = regroup.regroup(repacked(written(small), "links_near.npy", array_bytes(near), honest=True))

    assert found.same_ties is False
    assert not found.is_same


def test_another_machine_may_round_the_last_digit_of_a_distance_otherwise() -> None:
    small = small_bundle()
    assert isinstance(small.ties, Links)
    flipped = small.ties.near + np.where(np.arange(len(small.ties.near)) % 2, 1e-6, 0.0)

    found = regroup.regroup(repacked(written(small), "links_near.npy", array_bytes(flipped), honest=True))

    assert (found.is_same, found.same_ties) == (True, True)


def test_nobody_left_can_be_made_again_from_nothing(bundle: Bundle) -> None:
    found = regroup.regroup(written(only(bundle, [False] * len(bundle.ids))))

    assert (found.rows, found.is_rebuilt, found.is_same) == (0, False, False)


def taken_rungs() -> Bundle:
    texts, vectors = themed()
    count = len(texts)
    first = group(texts, vectors, languages=("en",) * count, authors=range(count), random_state=7)
    assert first.ladder is not None
    rungs = 0, len(first.ladder.rungs) - 1
    inputs = Inputs(("en",) * count, tuple(range(count)), (), 7, None, first.ladder, rungs)
    found = group(
        texts, vectors, languages=inputs.languages, authors=inputs.authors, random_state=7, ladder=first.ladder,
        rungs=rungs,
    )  # fmt: skip
    return Bundle(
        tuple(map(str, range(count))), tuple(texts), vectors, inputs, found.missions, found.projects,
        tuple(map(str, found.reasons)), found.ties, found.parameters, tuple(f"s{at}" for at in range(count)),
    )  # fmt: skip


def test_other_rungs_that_a_person_took_are_taken_again_also_when_some_are_gone() -> None:
    taken = taken_rungs()

    again = regroup.regroup(written(taken))
    left = regroup.regroup(written(only(taken, [at % 5 != 0 for at in range(len(taken.ids))])))

    assert (again.is_same, again.structure, again.from_vectors) == (True, "rungs", (0, 0))
    assert (left.is_same, left.structure, left.from_vectors, left.gone) == (True, "rungs", None, 25)
    for found in (again, left):
        assert found.from_ties is not None
        assert min(level.follow for level in found.from_ties) > 0.8 * found.rows


def test_a_changed_rung_is_found_though_every_hash_is_right() -> None:
    left = only(taken_rungs(), [at % 5 != 0 for at in range(125)])
    labels = np.load(io.BytesIO(all_files(left)["ladder.npy"]))
    labels[:, 30:60] = labels[:, :1]

    assert not regroup.regroup(
        repacked(written(left), "ladder.npy", array_bytes(labels), honest=True)
    ).is_same


def test_what_a_person_joined_follows_from_the_ties_and_names_the_rest(bundle: Bundle) -> None:
    missions = bundle.missions.copy()
    missions[:5] = int(missions.max()) + 1
    joined = replace(bundle, missions=missions, inputs=replace(bundle.inputs, is_joined=True))

    found = regroup.regroup(written(joined))

    assert found.is_same
    assert (found.from_vectors, found.same_ties) == (None, True)
    assert found.from_ties is not None
    assert found.from_ties[0].settled >= 5


# --- what somebody changed ---


def repacked(held: io.BytesIO, name: str, content: bytes, *, honest: bool = False) -> io.BytesIO:
    """The same archive with one file exchanged; `honest` writes its new hash into the manifest too."""
    with zipfile.ZipFile(held) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    files[name] = content
    if honest:
        manifest = json.loads(files["manifest.json"])
        manifest["files"][name] = {"sha256": bundle_files.digest(content), "bytes": len(content)}
        files["manifest.json"] = document_bytes(manifest)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for one, held_bytes in files.items():
            archive.writestr(one, held_bytes)
    return out


def names(bundle: Bundle) -> list[str]:
    return sorted(all_files(bundle))


def test_a_changed_byte_in_any_file_is_found(bundle: Bundle) -> None:
    for name in names(bundle):
        content = bytearray(all_files(bundle)[name])
        content[-1] ^= 1

        with pytest.raises(BadBundle, match=f"{name} was changed"):
            regroup.regroup(repacked(written(bundle), name, bytes(content)))


def test_a_missing_or_added_file_is_found(bundle: Bundle) -> None:
    for name in names(bundle):
        with zipfile.ZipFile(written(bundle)) as archive:
            files = {one: archive.read(one) for one in archive.namelist() if one != name}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for one, content in files.items():
                archive.writestr(one, content)
        with pytest.raises(BadBundle, match="other files"):
            bundle_files.read(out)
    with pytest.raises(BadBundle, match="other files"):
        regroup.regroup(repacked(written(bundle), "more.txt", b"hello"))


def label_changed(bundle: Bundle) -> bytes:
    other = bundle.missions.copy()
    row = int(np.flatnonzero(other >= 0)[0])
    other[row] = (other[row] + 1) % (other.max() + 1)
    return files_of(replace(bundle, missions=other))["rows.tsv"]


def test_a_changed_label_is_found_though_every_hash_is_right(bundle: Bundle) -> None:
    found = regroup.regroup(repacked(written(bundle), "rows.tsv", label_changed(bundle), honest=True))

    assert not found.is_same
    assert found.from_vectors is not None
    assert found.from_vectors[0] == 1


def test_a_changed_label_is_found_in_the_ties_alone(bundle: Bundle) -> None:
    smaller = only(bundle, [at != 5 for at in range(len(bundle.ids))])
    found = regroup.regroup(repacked(written(smaller), "rows.tsv", label_changed(smaller), honest=True))

    assert found.from_vectors is None
    assert not found.is_same


def test_ties_that_were_cut_are_found(bundle: Bundle) -> None:
    weights = np.load(io.BytesIO(all_files(bundle)["near_weights.npy"]))
    weights[: len(weights) // 2] = 0.001

    found = regroup.regroup(repacked(written(bundle), "near_weights.npy", array_bytes(weights), honest=True))

    assert found.same_ties is False
    assert not found.is_same


def test_a_list_of_all_rows_proves_nothing(bundle: Bundle) -> None:
    smaller = only(bundle, [at != 5 for at in range(len(bundle.ids))])
    told = regroup.settle(smaller.ties, smaller.missions, smaller.projects)  # type: ignore[arg-type]
    told["mission"]["moved"] = list(range(len(smaller.ids)))
    told["mission"]["labels"] = smaller.missions.tolist()

    assert not regroup.regroup(
        repacked(written(smaller), "settled.json", document_bytes(told), honest=True)
    ).is_same


def test_a_changed_vector_or_text_or_setting_is_found(bundle: Bundle) -> None:
    vectors = bundle.vectors.copy()
    vectors[:40] = vectors[40:80]
    settings = json.loads(all_files(bundle)["settings.json"])
    for name, content in (
        ("vectors.npy", array_bytes(vectors)),
        ("settings.json", document_bytes({**settings, "corrections": []})),
    ):
        assert not regroup.regroup(repacked(written(bundle), name, content, honest=True)).is_same


# --- what is no bundle ---


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" + b"\0" * 40, b"\x1f\x8b" + b"\0" * 20])
def test_no_archive_is_no_bundle(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "bundle.zip"
    file.write_bytes(content)

    with pytest.raises(BadBundle):
        regroup.regroup(file)


def zipped(entries: dict[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out


@pytest.mark.parametrize(
    "name", ["../manifest.json", "/etc/passwd", "a/b.npy", "..", "c:evil", "\\\\host\\x", ".hidden"]
)
def test_a_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadBundle, match="lead out"):
        bundle_files.read(zipped({"manifest.json": b"{}", name: b"x"}))
    assert list(tmp_path.iterdir()) == []


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(BadBundle, match="unpack to more"):
        bundle_files.read(
            zipped({"manifest.json": b"{}", "vectors.npy": b"\0" * 3_000_000}), largest=2_000_000
        )
    with pytest.raises(BadBundle, match="too many"):
        bundle_files.read(zipped({f"f{at}.npy": b"" for at in range(100)}))
    with pytest.raises(BadBundle, match="no manifest"):
        bundle_files.read(zipped({"manifest.json": b" " * 2_000_000}))


def test_a_size_that_lies_is_found() -> None:
    honest = zipped({"manifest.json": b"{}", "vectors.npy": b"\0" * 1_000_000}).getvalue()
    lying = honest.replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest

    with pytest.raises(BadBundle):
        bundle_files.read(io.BytesIO(lying))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vectors.npy", array_bytes(np.full((125, 24), np.nan, dtype=np.float32))),
        ("vectors.npy", array_bytes(np.zeros((3, 24), dtype=np.float32))),
        ("vectors.npy", array_bytes(np.zeros((125, 24), dtype=np.float64))),
        ("vectors.npy", b"\x93NUMPY\x01\x00" + b"\xff" * 100),
        ("nodes.npy", array_bytes(np.full(125, 10**9, dtype=np.int64))),
        ("near_ends.npy", array_bytes(np.full(9, 10**6, dtype=np.int32))),
        ("near_starts.npy", array_bytes(np.zeros(3, dtype=np.int64))),
        ("atoms.npy", array_bytes(np.full(3, -5, dtype=np.int64))),
        ("rows.tsv", b"id\tother\n"),
        ("rows.tsv", b"\xff\xfe"),
        ("texts.jsonl", b"{}\n"),
        ("texts.jsonl", b'{"id": "who", "text": "not in rows"}\n'),
        ("settings.json", b"[]"),
        ("settings.json", b"{}"),
        ("settings.json", b"[" * 100_000),
        ("settled.json", b"{}"),
        ("settled.json", b'{"mission": {"of_community": [1], "moved": [99999], "labels": [0]}}'),
    ],
)
def test_files_that_do_not_fit_are_refused_in_a_sentence(bundle: Bundle, name: str, content: bytes) -> None:
    with pytest.raises(BadBundle) as refused:
        regroup.regroup(repacked(written(bundle), name, content, honest=True))

    assert str(refused.value).endswith(".")
    assert "Traceback" not in str(refused.value)


def test_a_correction_of_a_row_that_is_not_there_is_refused(bundle: Bundle) -> None:
    settings = json.loads(all_files(bundle)["settings.json"])
    for wrong in (
        {"kind": "set_apart", "row": 9999},
        {"kind": "explode", "row": 1},
        {"kind": "pin", "row": "x"},
    ):
        content = document_bytes({**settings, "corrections": [wrong]})
        with pytest.raises(BadBundle):
            regroup.regroup(repacked(written(bundle), "settings.json", content, honest=True))


def test_a_bundle_of_before_is_still_read() -> None:
    small = replace(small_bundle(), ties=None)
    settings = json.loads(files_of(small)["settings.json"])
    for name in ("links", "absent", "acts"):
        del settings[name]

    found = regroup.regroup(repacked(written(small), "settings.json", document_bytes(settings), honest=True))

    assert (found.is_same, found.structure, found.from_vectors) == (True, "", (0, 0))
