"""Installs the front-end packages of package-lock.json and copies the files we serve into app/static/vendor/.

Run by scripts/setup.py; needs only the standard library. scripts/assets.sha256 names every file that is
served: its hash, where npm puts it, and the name it gets. A file that differs from its hash stops the set-up.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "scripts" / "assets.sha256"
VENDOR = ROOT / "app" / "static" / "vendor"
OLDEST_NPM = 8


class SetupProblem(Exception):
    """Something a person must look at; its text is the sentence to print."""


def manifest() -> list[tuple[str, Path, Path]]:
    """The served files, each as (sha256, file inside node_modules, file inside vendor)."""
    rows = [line.split() for line in MANIFEST.read_text("utf-8").splitlines() if line and line[0] != "#"]
    return [(digest, ROOT / "node_modules" / source, VENDOR / name) for digest, source, name in rows]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def are_served() -> bool:
    return all(sha256(target) == digest for digest, _, target in manifest())


def npm_of_the_machine() -> str | None:
    """The machine's npm, unless there is none or it is too old to read our lock file."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return None
    answer = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().split(".")[0]
    return npm if major.isdigit() and int(major) >= OLDEST_NPM else None


def install(npm: str, *, with_tests: bool) -> None:
    """`npm ci`: exactly what the lock file says, each package checked by its hash, no install scripts run."""
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    command += [] if with_tests else ["--omit=dev"]
    path = f"{Path(npm).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PATH": path}, check=False)
    if done.returncode:
        raise SetupProblem("npm could not install the front-end packages; its message is above.")


def are_installed(*, with_tests: bool) -> bool:
    """Whether node_modules holds what the lock file asks for."""
    try:
        wanted = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
        found = json.loads((ROOT / "node_modules" / ".package-lock.json").read_text("utf-8"))["packages"]
    except FileNotFoundError:
        return False
    needed = {
        name: package.get("integrity")
        for name, package in wanted.items()
        if name and (with_tests or not package.get("dev"))
    }
    return needed.items() <= {name: package.get("integrity") for name, package in found.items()}.items()


def copy() -> None:
    """Copy every file of the manifest, checked before it is served; remove what is not in it."""
    rows = manifest()
    for digest, source, target in rows:
        found = sha256(source)
        if found != digest:
            raise SetupProblem(
                f"{source.relative_to(ROOT)} is not the file we reviewed (sha256 {found or 'none: it is missing'}, "
                f"expected {digest}). After a wanted upgrade, write its new hash into scripts/assets.sha256."
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        if sha256(target) != digest:
            shutil.copyfile(source, target)
    wanted = {target for _, _, target in rows}
    for path in VENDOR.rglob("*"):
        if path.is_file() and path not in wanted:
            path.unlink()


def main() -> None:
    npm = npm_of_the_machine()
    if npm is None:
        raise SetupProblem("No npm on this machine; `make setup` brings its own.")
    if not are_installed(with_tests=True):
        install(npm, with_tests=True)
    copy()


if __name__ == "__main__":
    try:
        main()
    except SetupProblem as problem:
        sys.exit(str(problem))
