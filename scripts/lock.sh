#!/bin/sh
# Writes the five lock files anew from pyproject.toml: what the application needs, the same with the tools of the
# tests, npm for machines that have none, whom the grouping is measured against, and the counting. torch stays out
# (scripts/setup.py installs it), and so do the addresses of package indexes. Arguments go to uv, e.g. `scripts/lock.sh --upgrade-package fastapi`.
set -eu
cd "$(dirname "$0")/.."
tool=var/lock-tool
[ -x "$tool/bin/uv" ] || { python3 -m venv "$tool" && "$tool/bin/pip" install --quiet uv; }
# uv does not read pip's configuration; where pip has an index or wheels of its own, uv gets the same.
index=$("$tool/bin/pip" config get global.index-url 2>/dev/null || true)
wheels=$("$tool/bin/pip" config get global.find-links 2>/dev/null || true)
lock() {
    UV_DEFAULT_INDEX="$index" UV_FIND_LINKS="$wheels" "$tool/bin/uv" pip compile --quiet --universal \
        --generate-hashes --no-emit-package torch --custom-compile-command "make lock" "$@"
}
lock pyproject.toml --extra setup --output-file requirements.lock "$@"
lock pyproject.toml --extra setup --extra dev --constraint requirements.lock --output-file requirements-dev.lock "$@"
lock --group node --output-file requirements-node.lock "$@"
lock --group peers --output-file requirements-peers.lock "$@"
lock --group oracles --output-file requirements-oracles.lock "$@"
