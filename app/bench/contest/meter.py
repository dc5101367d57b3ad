"""What a piece of work costs the process that does it."""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass, field

PER_MEGABYTE = 1024 * 1024 if sys.platform == "darwin" else 1024  # the unit of ru_maxrss differs


def spent() -> float:
    """CPU seconds of this process and of those it started and waited for."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def peak_mb() -> float:
    """The most memory this process has held, in megabytes."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / PER_MEGABYTE, 1)


@dataclass
class Meter:
    """CPU and wall seconds since it was made."""

    cpu: float = field(default_factory=spent)
    wall: float = field(default_factory=time.perf_counter)

    def read(self) -> dict[str, float]:
        return {"cpu_s": round(spent() - self.cpu, 3), "wall_s": round(time.perf_counter() - self.wall, 3)}
