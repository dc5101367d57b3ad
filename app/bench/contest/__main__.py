"""Do each job of a file in a process of its own, after one warm-up in which everything is compiled and loaded."""

from __future__ import annotations

import dataclasses
import gc
import json
import os
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from app.bench.contest.job import Found, Job
from app.bench.contest.meter import Meter, peak_mb

# umap compares all pairs below 4,096 rows and searches from there on: where a set is so large, both ways are compiled.
WARM_UP = 600
WARM_UP_LARGE = 5000
LARGE = 4096


def acts_of(name: str) -> dict[str, Callable[[Job], Found]]:
    if name == "ours":
        from app.bench.contest import ours

        return ours.ACTS
    from app.bench.contest import peers

    return peers.ACTS[name]


def warm_up(group: Callable[[Job], Found], sizes: tuple[int, ...]) -> None:
    """Group invented rows, so that no measured run compiles or loads anything."""
    random = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        for count in sizes:
            middles = random.standard_normal((12, 384))
            rows = middles[np.arange(count) % 12] + 0.7 * random.standard_normal((count, 384))
            path = Path(folder) / f"{count}.npz"
            np.savez(
                path,
                vectors=(rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32),
                texts=np.array([f"word{at % 12} other{at % 7} and more{at % 5}" for at in range(count)]),
                languages=np.array(["en"] * count),
            )
            group(Job("group", str(path), "", k=[12]))


def count_of(path: str) -> int:
    """Read how many vectors a file holds without reading them."""
    with zipfile.ZipFile(path) as kept, kept.open("vectors.npy") as stream:
        np.lib.format.read_magic(stream)
        return int(np.lib.format.read_array_header_1_0(stream)[0][0])


def do(act: Callable[[Job], Found], job: Job) -> None:
    """Do one job in this process and write what was found and what it cost."""
    assert len(job.material.texts) == len(job.material.vectors)  # read before the measuring begins
    gc.collect()
    before, meter = peak_mb(), Meter()
    found = act(job)
    cost = {**meter.read(), "peak_mb": peak_mb(), "grown_mb": round(peak_mb() - before, 1)}
    Path(job.out).write_text(json.dumps({**cost, **found.as_facts()}), "utf-8")


def apart(act: Callable[[Job], Found], job: Job) -> bool:
    """Do one job in a process of its own, so that its memory and time are its own; say whether it went well."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            do(act, job)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitpid(child, 0)[1] == 0


def main() -> None:
    name, path = sys.argv[1:]
    acts = acts_of(name)
    jobs = [Job(**each) for each in json.loads(Path(path).read_text("utf-8"))]
    if any(job.act != "words" for job in jobs):
        largest = max(count_of(job.vectors) for job in jobs)
        warm_up(acts["group"], (WARM_UP, WARM_UP_LARGE) if largest >= LARGE else (WARM_UP,))
    for job in jobs:
        if not apart(acts[job.act], job):
            sys.exit(f"{name} could not {job.act} {dataclasses.asdict(job)}")
        print(job.out, flush=True)  # noqa: T201 - whoever started this counts the lines


if __name__ == "__main__":
    main()
