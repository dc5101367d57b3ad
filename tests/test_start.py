"""What a process that answers pages loads before its first answer."""

import subprocess
import sys

import pytest

# Each of these takes a second or more to load, and no page needs it.
HEAVY = ("torch", "sentence_transformers", "transformers", "sklearn", "openvino", "pandas", "matplotlib")


@pytest.mark.parametrize("module", ["app.main", "app.cli", "app.jobs.everything"])
def test_starting_loads_nothing_heavy(module: str) -> None:
    asked = f"import sys, {module}; print(*[name for name in {HEAVY!r} if name in sys.modules])"

    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert said.stdout.split() == []
