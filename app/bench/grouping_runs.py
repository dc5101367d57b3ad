"""Who is measured, in which order, and how they are run: each in a process of its own, one thread, by files."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from app.bench.contest.job import Job
from app.bench.grouping_sets import Unusable
from app.nlp.vectors import Labels
from app.services.imports import Tell

ROOT = Path(__file__).resolve().parents[2]
PEER_ENVIRONMENT = ROOT / ".venv-peers"
OURS = "ours"
PEERS = ("bertopic", "evoc", "kmeans", "leiden")
MISSING = "The peers are not installed: `make bench-peers` does that; --against none measures ours alone."
THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM", "NUMBA")

Answer = dict[str, Any]


def named(against: str) -> tuple[str, ...]:
    """Read a list of peers with commas between; "none" is nobody."""
    wanted = [name.strip() for name in against.split(",") if name.strip() and name.strip() != "none"]
    for name in wanted:
        if name not in PEERS:
            raise Unusable(f"Nobody here is called {name}: the peers are {', '.join(PEERS)}, or none.")
    return tuple(name for name in PEERS if name in wanted)


def peer_python() -> Path:
    return PEER_ENVIRONMENT / "bin" / "python"


def check_installed(peers: tuple[str, ...]) -> None:
    if peers and not peer_python().exists():
        raise Unusable(MISSING)


@dataclass
class Plan:
    """Jobs for everybody, gathered first, so that what must be compiled is compiled once for all of them."""

    folder: Path
    jobs: dict[str, list[Job]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def ask(self, name: str, act: str, vectors: Path, **options: Any) -> Path:
        """Put one job on the list; the file of its answer is there once the plan has run."""
        self.counts["job"] += 1
        out = self.folder / f"{name}-{act}-{self.counts['job']}.json"
        self.jobs.setdefault(name, []).append(Job(act, str(vectors), str(out), **options))
        return out

    def put(self, values: Labels) -> str:
        """Write rows or labels for a job to read."""
        self.counts["array"] += 1
        path = self.folder / f"array-{self.counts['array']}.npy"
        np.save(path, values)
        return str(path)

    def run(self, tell: Tell) -> None:
        """Do what is on the list and strike it off."""
        total, done = sum(map(len, self.jobs.values())), 0
        for name, jobs in self.jobs.items():
            listed = self.folder / f"jobs-{name}.json"
            listed.write_text(json.dumps([dataclasses.asdict(job) for job in jobs]), "utf-8")
            tell(f"{name}: warming up", done / total)
            with self.started(name, listed) as process:
                assert process.stdout is not None
                for _line in process.stdout:
                    done += 1
                    tell(f"{name}: {done} of {total} runs", done / total)
            if process.returncode:
                raise Unusable(f"{name} could not be measured; its own words are above.")
        self.jobs.clear()

    def started(self, name: str, listed: Path) -> subprocess.Popen[str]:
        """Start the program of the contest; -P keeps the folder one happens to stand in out of its imports."""
        ours = name == OURS
        python = Path(sys.executable) if ours else peer_python()
        surroundings = {
            **os.environ,
            **{f"{each}_NUM_THREADS": "1" for each in THREADS},
            "PYTHONPATH": str(ROOT),
        }
        # Of numba's ways to share work only "workqueue" survives a fork, and only "tbb" the threads of EVoC.
        surroundings["NUMBA_THREADING_LAYER"] = "tbb" if name == "evoc" else "workqueue"
        if not ours:
            surroundings["LD_LIBRARY_PATH"] = str(PEER_ENVIRONMENT / "lib")  # where tbb lies
        command = [str(python), "-P", "-W", "ignore", "-m", "app.bench.contest", name, str(listed)]
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, env=surroundings
        )


def answer_of(path: Path) -> Answer:
    found: Answer = json.loads(path.read_text("utf-8"))
    return found


def labels_of(levels: dict[str, list[int]]) -> dict[str, Labels]:
    return {name: np.asarray(labels, dtype=np.int64) for name, labels in levels.items()}
