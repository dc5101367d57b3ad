"""Tables of labelled texts: what is read, what is refused and in which words, and that vectors are made once."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from app.bench.grouping_runs import check_installed, named
from app.bench.grouping_sets import Unusable, embedded, read_folder, read_table
from app.nlp.embedding import HashingEmbedder, Progress
from app.nlp.vectors import Vectors


def table(folder: Path, content: str | bytes, name: str = "one.tsv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_tables_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    table(tmp_path, "shade, please\tsun\theat\r\nwater\tdrink\tthirst\n\n", "b.tsv")
    table(tmp_path, "a\tx\n", "a.tsv")
    table(tmp_path, "not a table", "notes.txt")

    first, second = read_folder(tmp_path)

    assert (first.name, first.texts, first.labels, first.parents) == ("a", ("a",), ("x",), ())
    assert (second.texts, second.labels) == (("shade, please", "water"), ("sun", "drink"))
    assert second.parents == ("heat", "thirst")
    assert {name: truth.tolist() for name, truth in second.truths.items()} == {
        "label": [1, 0],
        "parent": [0, 1],
    }
    assert list(first.truths) == ["label"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "holds no texts"),
        ("\n\n", "holds no texts"),
        ("only a text\n", "line 1: a line is a text, its label and perhaps the label above it"),
        ("a\tb\tc\td\n", "this one has 4 parts"),
        ("a\tb\tc\nd\te\n", "line 2: it has 2 parts where the first line has 3"),
        ("a\tb\n\nc\t \n", "line 3: the text or a label is empty"),
        (b"a\tb\n\xff\tc\n", "is not UTF-8 from byte 4 on"),
    ],
)
def test_a_table_that_cannot_be_read_is_named_with_its_line(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    path = table(tmp_path, content)

    with pytest.raises(Unusable, match=r"one\.tsv") as refused:
        read_table(path)
    assert said in str(refused.value)


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"holds no \.tsv file"):
        read_folder(tmp_path)
    with pytest.raises(Unusable, match="is no folder"):
        read_folder(tmp_path / "nowhere")


class Counting(HashingEmbedder):
    """Counts how often it is asked."""

    times = 0

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        self.times += 1
        return super().embed(texts, progress=progress)


def test_a_table_is_embedded_once_for_its_words_and_model(tmp_path: Path) -> None:
    one = read_table(table(tmp_path, "shade\tsun\nwater\tdrink\n"))
    embedder = Counting()

    first = embedded(one, embedder, tmp_path / "kept", tmp_path)
    second = embedded(one, embedder, tmp_path / "kept", tmp_path)
    assert embedder.times == 1
    assert np.array_equal(first.vectors, second.vectors)
    with np.load(second.path) as shared:
        assert shared["texts"].tolist() == ["shade", "water"]
        assert np.array_equal(shared["vectors"], first.vectors)
        assert len(shared["languages"]) == 2

    embedded(
        read_table(table(tmp_path, "shade!\tsun\nwater\tdrink\n")), embedder, tmp_path / "kept", tmp_path
    )
    embedded(one, Counting(128), tmp_path / "kept", tmp_path)
    assert (embedder.times, len(list((tmp_path / "kept").iterdir()))) == (2, 3)


def test_peers_are_named_in_one_order_and_must_be_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert named("leiden, bertopic") == ("bertopic", "leiden")
    assert named("none") == named("") == ()
    with pytest.raises(Unusable, match="Nobody here is called top2vec"):
        named("top2vec")

    monkeypatch.setattr("app.bench.grouping_runs.PEER_ENVIRONMENT", tmp_path)
    check_installed(())
    with pytest.raises(Unusable, match="make bench-peers"):
        check_installed(("evoc",))
