"""Installs into `.venv-oracles` other people's counts of votes, and compares ours with them on random profiles.

`make oracles` runs it; nothing of the application needs them (one of them is under the GPL).
"""

import os
import subprocess
import sys

import apart
import setup
from assets import SetupProblem

if __name__ == "__main__":
    setup.check_python()
    try:
        python = apart.install(
            ".venv-oracles", "requirements-oracles.lock", "abcvoting, pabutools, pref_voting"
        )
    except SetupProblem as problem:
        sys.exit(f"Set-up stopped: {problem}")
    command = [python, "-m", "app.bench.oracles", *sys.argv[1:]]
    environment = {**os.environ, "PYTHONPATH": str(setup.ROOT)}
    sys.exit(subprocess.run(command, cwd=setup.ROOT, env=environment, check=False).returncode)
