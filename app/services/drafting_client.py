"""The drafting helper over HTTP: an endpoint that speaks like OpenAI's chat completions, asked within bounds."""

import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import httpx

from app.rules.words import N_
from app.settings import Settings

TRIES = 4
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 20.0
LARGEST_ANSWER = 256 * 1024
AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class HelperFailed(Exception):
    """Why nothing was drafted, as a sentence; what the helper wrote is never part of it."""

    sentence: ClassVar[str] = N_("The drafting helper did not answer. Nothing was changed; try again later.")


class HelperTooSlow(HelperFailed):
    sentence = N_("The drafting helper took too long. Nothing was changed; try again later.")


class HelperRefused(HelperFailed):
    sentence = N_(
        "The drafting helper refused the question. Ask your operator whether its key and model are right."
    )


class HelperBabbled(HelperFailed):
    sentence = N_("The drafting helper did not answer in the form it was asked for. Nothing was changed.")


@dataclass(frozen=True)
class Helper:
    """Where the helper is and how much it may take; `sleep` is passed in so that tests need not wait."""

    url: str
    model: str
    key: str = ""
    seconds: float = 30.0
    tokens: int = 700
    sleep: Callable[[float], None] = time.sleep

    def ask(self, messages: Sequence[dict[str, str]]) -> str:
        """Ask once, and again where the helper is busy or broken; answers what it wrote.

        Raises
        ------
        HelperFailed
            One of its kinds, after at most four tries.
        """
        pause = FIRST_PAUSE
        failed: HelperFailed = HelperFailed()
        for turn in range(TRIES):
            if turn:
                # A crowd that was sent away should not come back all at once.
                self.sleep(pause * (0.5 + random.random() / 2))  # noqa: S311
                pause = min(2 * pause, LONGEST_PAUSE)
            try:
                status, content, wait = self.post(messages)
            except (httpx.TimeoutException, HelperTooSlow):
                failed = HelperTooSlow()
                continue
            except httpx.HTTPError:
                failed = HelperFailed()
                continue
            except (httpx.InvalidURL, ValueError):
                # A key or an address that cannot be sent: such an error holds it, and would be kept with the job.
                raise HelperRefused from None
            if status == 200:
                return written(content)
            if status not in AGAIN:
                raise HelperRefused
            pause, failed = max(pause, wait), HelperFailed()
        raise failed

    def post(self, messages: Sequence[dict[str, str]]) -> tuple[int, bytes, float]:
        """One try: status, body and how long the helper asks to wait. Never follows it elsewhere."""
        ends = time.monotonic() + self.seconds
        asked = {
            "model": self.model,
            "messages": list(messages),
            "max_tokens": self.tokens,
            "temperature": 0,
            "stream": False,
        }
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        timeout = httpx.Timeout(self.seconds, connect=min(5.0, self.seconds))
        with (
            httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client,
            client.stream(
                "POST", f"{self.url.rstrip('/')}/chat/completions", json=asked, headers=headers
            ) as answer,
        ):
            return answer.status_code, read(answer, ends), wait_of(answer.headers.get("retry-after", ""))


def read(answer: httpx.Response, ends: float) -> bytes:
    """Read an answer to its end, but neither for ever nor without bound."""
    content = b""
    for piece in answer.iter_bytes():
        content += piece
        if len(content) > LARGEST_ANSWER:
            raise HelperBabbled
        if time.monotonic() > ends:
            raise HelperTooSlow
    return content


def wait_of(header: str) -> float:
    return min(float(header), LONGEST_PAUSE) if header.isascii() and header.isdigit() else 0.0


def written(content: bytes) -> str:
    """Find the words in the envelope."""
    try:
        said = json.loads(content)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise HelperBabbled from error
    if not isinstance(said, str):
        raise HelperBabbled
    return said


def document(said: str) -> dict[str, Any]:
    """Find the one JSON object in what was written, with or without a fence around it."""
    start, end = said.find("{"), said.rfind("}")
    try:
        found = json.loads(said[start : end + 1])
    except (ValueError, RecursionError) as error:
        raise HelperBabbled from error
    if not isinstance(found, dict):
        raise HelperBabbled
    return found


def helper_of(settings: Settings) -> Helper | None:
    """The helper that the settings name; None where there is none, which is how CoMission comes."""
    if not (settings.drafting_url and settings.drafting_model):
        return None
    return Helper(
        settings.drafting_url,
        settings.drafting_model,
        settings.drafting_key,
        settings.drafting_seconds,
        settings.drafting_tokens,
    )
