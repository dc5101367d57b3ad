"""Installs into `.venv-peers` whom the grouping is measured against; nothing of the application needs it.

`make bench-peers` runs it. BERTopic comes without sentence-transformers and torch: it is handed vectors made before.
"""

import sys

import apart
import setup
from assets import SetupProblem

if __name__ == "__main__":
    setup.check_python()
    try:
        apart.install(
            ".venv-peers", "requirements-peers.lock", "bertopic, evoc, hdbscan, igraph, leidenalg, umap"
        )
    except SetupProblem as problem:
        sys.exit(f"Set-up stopped: {problem}")
