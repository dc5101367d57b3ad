"""What the two commands rest on: locks, front-end files, the image's recipe. Nothing here uses the network."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import assets  # noqa: E402
import setup  # noqa: E402

LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"]


def names_in(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / lock).read_text(), flags=re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_checks_every_package(lock: str) -> None:
    text = (ROOT / lock).read_text()

    entries = re.split(r"^(?=[a-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]
    assert "://" not in text
    assert not [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_brings_no_torch_and_no_graphics_libraries(lock: str) -> None:
    unwanted = [name for name in names_in(lock) if re.match(r"(torch|triton|nvidia|cuda)\b", name)]

    assert unwanted == []


def test_the_lock_of_the_tests_holds_every_package_of_the_application() -> None:
    assert names_in("requirements.lock") < names_in("requirements-dev.lock")


def test_the_lock_of_the_front_end_names_no_address_and_only_exact_versions() -> None:
    lock = (ROOT / "package-lock.json").read_text()
    packages = json.loads((ROOT / "package.json").read_text())

    assert "resolved" not in lock
    for version in (packages["dependencies"] | packages["devDependencies"]).values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)


def test_every_served_file_is_the_one_that_was_reviewed() -> None:
    assert assets.are_served()


def test_a_changed_front_end_file_stops_the_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "htmx.min.js"
    source.write_text("alert(1)")
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(assets, "manifest", lambda: [("0" * 64, source, tmp_path / "vendor" / "htmx.min.js")])

    with pytest.raises(setup.SetupProblem, match="not the file we reviewed"):
        assets.copy()
    assert not (tmp_path / "vendor").exists()


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 15)])
def test_a_python_that_does_not_fit_gets_a_sentence(
    version: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", version)

    with pytest.raises(SystemExit, match=r"CoMission needs Python 3\.11 to 3\.13"):
        setup.check_python()


def test_make_alone_explains_each_command() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}

    shown = subprocess.run(
        ["make"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout

    for command in ("run", "test", "check", "bench", "setup"):
        assert re.search(rf"^  make {command} +\w", shown, flags=re.MULTILINE)


def test_the_image_copies_what_exists_and_runs_as_nobody_special() -> None:
    steps = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", steps, flags=re.MULTILINE)

    assert all((ROOT / source).exists() for line in copied for source in line.split())
    assert len(re.findall(r"^FROM ", steps, flags=re.MULTILINE)) == 3
    last_stage = steps.rpartition("\nFROM ")[2]
    assert all(f" {package} " in last_stage for package in setup.PANGO)
    assert "\nUSER comission\n" in last_stage
    assert "\nHEALTHCHECK " in last_stage
    assert last_stage.rstrip().endswith('CMD ["comission", "serve"]')


def test_what_pdf_files_need_is_installed_where_it_can_be_and_named_where_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[list[str]] = []
    monkeypatch.delenv("NO_PANGO", raising=False)
    monkeypatch.setattr(setup, "find_library", lambda _name: None)
    monkeypatch.setattr(setup.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(setup.subprocess, "run", lambda command, **_rest: ran.append(command))

    for user in (1000, 0):
        monkeypatch.setattr(setup.os, "geteuid", lambda user=user: user)
        setup.install_pango()

    assert [command[1] for command in ran] == ["update", "install"]
    assert capsys.readouterr().out.count("PDF files need Pango") == 2


def test_no_data_and_no_local_build_goes_into_the_image() -> None:
    left_out = (ROOT / ".dockerignore").read_text().split()

    assert {".git", ".venv", "node_modules", "var", ".env"} <= set(left_out)


def test_compose_runs_one_database_one_web_and_two_workers_with_no_secret_in_it() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]

    assert set(services) == {"database", "web", "worker"}
    assert services["worker"]["deploy"]["replicas"] == 2
    for name in ("web", "worker"):
        assert services[name]["environment"]["SECRET_KEY"].startswith("${SECRET_KEY:?")
        assert "${DATABASE_PASSWORD:?" in services[name]["environment"]["DATABASE_URL"]
