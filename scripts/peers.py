"""Installs into `.venv-peers` whom the grouping is measured against; nothing of the application needs it.

`make bench-peers` runs it. BERTopic comes without sentence-transformers and torch: it is handed vectors made before.
"""

from __future__ import annotations

import subprocess
import sys

import setup
from assets import SetupProblem

VENV = setup.ROOT / ".venv-peers"
PYTHON = VENV / "bin" / "python"
LOCK = setup.ROOT / "requirements-peers.lock"
MARK = VENV / "made-from"


def install() -> None:
    """Make the environment anew where it is not what the lock says."""
    made_from = setup.fingerprint(LOCK)
    if MARK.exists() and MARK.read_text("utf-8") == made_from:
        return
    setup.say(f"Making .venv-peers with what {LOCK.name} names: a few minutes")
    setup.run([sys.executable, "-m", "venv", "--clear", VENV], "Python could not make .venv-peers.")
    quietly = ("-qq", "--disable-pip-version-check")
    locked = ("--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", LOCK.name)
    setup.run(
        [PYTHON, "-m", "pip", "install", *quietly, *locked],
        f"The packages of {LOCK.name} could not be installed.",
    )
    tried = [PYTHON, "-c", "import bertopic, evoc, hdbscan, igraph, leidenalg, umap"]
    if subprocess.run(tried, cwd=VENV, stdin=subprocess.DEVNULL, check=False).returncode:
        raise SetupProblem("The peers are installed but do not start. Python's own message is above.")
    MARK.write_text(made_from, "utf-8")


if __name__ == "__main__":
    setup.check_python()
    try:
        install()
    except SetupProblem as problem:
        sys.exit(f"Set-up stopped: {problem}")
