"""A process that serves pages, works on jobs and reads texts with the fast runtime never imports torch."""

import os
import subprocess
import sys

import pytest

from app.nlp.embedding import SentenceTransformerEmbedder, Wish

SERVES = """
import os, sys, time
from fastapi.testclient import TestClient
from app.main import create_app
from app.settings import Settings
settings = Settings(environment="test", database_url=os.environ["TEST_DATABASE"], warm_model=True, run_jobs=True)
with TestClient(create_app(settings)) as client:
    deadline = time.monotonic() + 120
    while not (ready := client.get("/readyz").json())["model_ready"] and time.monotonic() < deadline:
        time.sleep(0.1)
    client.app.state.runtime.model.wait().embed(["more shade at bus stops"])
    assert client.get("/calls").status_code == 200
    assert ready["model_ready"] and ready["runtime"].startswith("openvino-"), ready
    wrong = {"torch", "transformers", "sentence_transformers"} & set(sys.modules)
    assert not wrong, wrong
    print("served", flush=True)
    os._exit(0)
"""


@pytest.mark.model
def test_a_serving_process_never_imports_torch(database_url: str) -> None:
    if SentenceTransformerEmbedder().runtime == Wish.REFERENCE:
        pytest.skip("no fast runtime on this machine")

    done = subprocess.run(
        [sys.executable, "-c", SERVES],
        env={**os.environ, "TEST_DATABASE": database_url},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )

    assert "served" in done.stdout, done.stderr[-3000:]
