"""Makes environments of their own from a lock: for peers and oracles, which nothing of the application needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import setup
from assets import SetupProblem


def install(name: str, lock: str, modules: str) -> Path:
    """Make the environment anew where it is not what the lock says, and see that the modules start; its Python."""
    venv = setup.ROOT / name
    python, mark = venv / "bin" / "python", venv / "made-from"
    made_from = setup.fingerprint(setup.ROOT / lock)
    if mark.exists() and mark.read_text("utf-8") == made_from:
        return python
    setup.say(f"Making {name} with what {lock} names: a few minutes")
    setup.run([sys.executable, "-m", "venv", "--clear", venv], f"Python could not make {name}.")
    quietly = ("-qq", "--disable-pip-version-check")
    locked = ("--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", lock)
    setup.run(
        [python, "-m", "pip", "install", *quietly, *locked], f"The packages of {lock} could not be installed."
    )
    tried = [python, "-c", f"import {modules}"]
    if subprocess.run(tried, cwd=venv, stdin=subprocess.DEVNULL, check=False).returncode:
        raise SetupProblem(
            f"What {lock} names is installed but does not start. Python's own message is above."
        )
    mark.write_text(made_from, "utf-8")
    return python
