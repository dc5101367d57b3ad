"""The lines of a file of votes: byte order marks, line ends, and what is no text at all."""

import codecs

from app.rules.voting.files.vote_file import MOST_BYTES, BadFile

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def lines_of(content: bytes) -> list[str]:
    """Lines without their ends (\\n, \\r\\n or \\r); UTF-8, or UTF-16 with a byte order mark."""
    if len(content) > MOST_BYTES:
        raise BadFile(0, f"the file is larger than {MOST_BYTES // 2**20} megabytes.")
    text = decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise BadFile(0, "the file is empty.")
    if "\0" in text:
        raise BadFile(text.count("\n", 0, text.index("\0")) + 1, "a NUL character: this is no text file.")
    return text.split("\n")


def decoded(content: bytes) -> str:
    mark, encoding = next((each for each in MARKS if content.startswith(each[0])), (b"", "utf-8"))
    start = len(mark)
    try:
        return content[start:].decode(encoding)
    except UnicodeDecodeError as problem:
        before = content[start : start + problem.start]
        line = before.decode(encoding, "replace").count("\n") + 1
        raise BadFile(line, "this is not UTF-8 text; save the file as UTF-8.") from problem
