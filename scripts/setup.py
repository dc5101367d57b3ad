"""Sets up CoMission in `.venv`: torch, the locked packages, the project, front-end files, translations.

`make setup` runs it with the machine's own python3; it needs only the standard library. Each step leaves a mark
with the hash of what it was made from, so that a second run finds nothing to do in a moment.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from ctypes.util import find_library
from pathlib import Path

import assets
from assets import SetupProblem

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MARKS = VENV / "setup-marks.json"
OLDEST, NEWEST = (3, 11), (3, 13)
PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
TORCH = "torch==2.13.0"
# The one address in this project: PyTorch's own index of builds without CUDA, for Linux machines whose index
# would send gigabytes of graphics libraries.
TORCH_FOR_PROCESSORS = "https://download.pytorch.org/whl/cpu"


def say(words: str) -> None:
    print(f"· {words}", flush=True)


def check_python() -> None:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(
            f"CoMission needs Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}; "
            f"this is {sys.version_info[0]}.{sys.version_info[1]}. "
            "Install one of them, or name it: make setup PYTHON=/path/to/python3.13"
        )


def run(command: Sequence[str | Path], problem: str) -> None:
    if subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode:
        raise SetupProblem(f"{problem} The tool's own message is above.")


def pip(*arguments: str, problem: str) -> None:
    run([PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *arguments], problem)


def fingerprint(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def marks() -> dict[str, str]:
    return json.loads(MARKS.read_text("utf-8")) if MARKS.exists() else {}


def mark(**made_from: str) -> None:
    MARKS.write_text(json.dumps(marks() | made_from, indent=1), "utf-8")


def make_environment() -> None:
    if PYTHON.exists() and (VENV / "bin" / "pip").exists():
        return
    say(f"Making .venv with Python {sys.version_info[0]}.{sys.version_info[1]}")
    run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        "Python could not make .venv; on Debian and Ubuntu `apt install python3-venv` adds the missing part.",
    )


def has_torch() -> bool:
    return any(VENV.glob("lib/python3.*/site-packages/torch/__init__.py"))


def torch_would_bring_cuda() -> bool:
    """Ask pip, as this machine has it configured, which build it would install; nothing is installed."""
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps", "--report", "-", TORCH]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode:
        return True  # not to be had there; PyTorch's own index is next
    wheel = json.loads(answer.stdout)["install"][0]["metadata"]
    return any("nvidia" in need or "cuda" in need for need in wheel.get("requires_dist", []))


def install_torch(*, cuda: bool) -> None:
    if has_torch():
        return
    problem = f"{TORCH} could not be installed."
    if cuda:
        say(f"Installing {TORCH} with CUDA, as asked: several gigabytes")
        pip(TORCH, problem=problem)
    elif sys.platform == "darwin" or not torch_would_bring_cuda():
        say(f"Installing {TORCH}")
        pip("--no-deps", TORCH, problem=problem)
    else:
        say(f"Installing {TORCH}, the build for processors, from PyTorch's own index")
        pip("--no-deps", "--index-url", TORCH_FOR_PROCESSORS, TORCH, problem=problem)


def install_locked(name: str) -> None:
    """Exactly the lock, each file checked by its hash; torch's own needs are in it too."""
    lock = ROOT / name
    made_from = fingerprint(lock)
    if marks().get(name) == made_from:
        return
    count = sum(line[:1].isalnum() for line in lock.read_text("utf-8").splitlines())
    say(f"Installing what {name} names: {count} packages, a few minutes the first time")
    locked = ("--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", name)
    pip(*locked, problem=f"The packages of {name} could not be installed.")
    mark(**{name: made_from})


def install_project() -> None:
    made_from = fingerprint(ROOT / "pyproject.toml")
    if marks().get("project") == made_from:
        return
    say("Installing CoMission itself")
    pip("--no-deps", "--no-build-isolation", "-e", ".", problem="CoMission could not be installed.")
    mark(project=made_from)


def install_assets(*, with_tests: bool) -> None:
    if not assets.are_installed(with_tests=with_tests):
        npm = assets.npm_of_the_machine()
        if npm is None:
            say("This machine has no npm: installing one into .venv")
            install_locked("requirements-node.lock")
            npm = str(VENV / "bin" / "npm")
        say("Installing the front-end files")
        assets.install(npm, with_tests=with_tests)
    assets.copy()


def install_pango() -> None:
    """PDF files of pages are made with it. All else works without, so a machine that cannot have it goes on."""
    if all(find_library(each) for each in ("pango-1.0", "pangoft2-1.0")) or os.environ.get("NO_PANGO") == "1":
        return
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        say("Installing Pango, which PDF files are made with")
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PANGO]):
            subprocess.run([apt, *command], env=environment, stdin=subprocess.DEVNULL, check=False)
    if not find_library("pango-1.0"):
        say(f"PDF files need Pango, the rest does not: on Debian and Ubuntu `apt install {' '.join(PANGO)}`")


def compile_messages() -> None:
    sources = sorted(ROOT.glob("locales/*/LC_MESSAGES/*.po"))
    made_from = fingerprint(*sources)
    if marks().get("messages") == made_from and all(path.with_suffix(".mo").exists() for path in sources):
        return
    for path in sources:
        command = [VENV / "bin" / "pybabel", "--quiet", "compile", "-i", path, "-o", path.with_suffix(".mo")]
        run(command, f"{path.name} of {path.parent.parent.name} is not a translation Babel can read.")
    mark(messages=made_from)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what the tests and checks need")
    parser.add_argument("--cuda", action="store_true", help="torch with CUDA (or set CUDA=1)")
    asked = parser.parse_args()
    try:
        make_environment()
        install_torch(cuda=asked.cuda or os.environ.get("CUDA") == "1")
        if asked.dev:
            install_locked("requirements-dev.lock")
            mark(
                **{"requirements.lock": fingerprint(ROOT / "requirements.lock")}
            )  # the dev lock holds all of it
        install_locked("requirements.lock")
        install_project()
        install_assets(with_tests=asked.dev)
        install_pango()
        compile_messages()
    except SetupProblem as problem:
        sys.exit(f"Set-up stopped: {problem}")


if __name__ == "__main__":
    check_python()
    main()
