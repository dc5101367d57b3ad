"""Asking a helper over real HTTP: patience has an end, answers have a bound, and nobody is followed anywhere."""

import json
import time
import traceback

import pytest

from app.services.drafting_client import (
    LARGEST_ANSWER,
    Helper,
    HelperBabbled,
    HelperFailed,
    HelperRefused,
    HelperTooSlow,
    document,
    helper_of,
)
from app.settings import Settings
from tests.helper_on_loopback import Place, drips, fails, hangs_up, helper, says, sends, waits

ASKED = [{"role": "user", "content": "¿Qué dicen?"}]


def asking(place: Place, slept: list[float] | None = None, **changes: object) -> Helper:
    facts = {"seconds": 2.0, "tokens": 123, "sleep": (slept if slept is not None else []).append, **changes}
    return Helper(place.url, "tiny", "the-key", **facts)  # type: ignore[arg-type]


def test_it_asks_as_the_protocol_says_and_reads_what_was_written() -> None:
    with helper(says("well")) as place:
        assert asking(place).ask(ASKED) == "well"

    [asked] = place.asked
    assert asked["path"] == "/v1/chat/completions"
    assert (asked["model"], asked["max_tokens"], asked["stream"]) == ("tiny", 123, False)
    assert asked["messages"] == ASKED
    assert place.headers[0]["Authorization"] == "Bearer the-key"


def test_without_a_key_none_is_sent() -> None:
    with helper(says("well")) as place:
        Helper(place.url, "tiny", sleep=lambda _s: None).ask(ASKED)

    assert "Authorization" not in place.headers[0]


@pytest.mark.parametrize(
    "first", [fails(429), fails(500), fails(503), hangs_up], ids=["429", "500", "503", "cut off"]
)
def test_a_busy_or_broken_helper_is_asked_again(first) -> None:  # type: ignore[no-untyped-def]
    slept: list[float] = []
    with helper(first, says("at last")) as place:
        assert asking(place, slept).ask(ASKED) == "at last"

    assert len(place.asked) == 2
    assert len(slept) == 1


def test_each_pause_is_longer_and_a_wait_that_is_asked_for_is_kept_within_bounds() -> None:
    slept: list[float] = []
    with helper(
        fails(429, Retry_After="7"), fails(500), fails(429, Retry_After="86400"), says("well")
    ) as place:
        asking(place, slept).ask(ASKED)

    assert 3.5 <= slept[0] <= 7
    assert 7 <= slept[1] <= 14
    assert 10 <= slept[2] <= 20


def test_it_gives_up_after_four_tries() -> None:
    with helper(fails(500)) as place, pytest.raises(HelperFailed):
        asking(place).ask(ASKED)

    assert len(place.asked) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refusal_is_not_repeated(status: int) -> None:
    with helper(fails(status)) as place, pytest.raises(HelperRefused):
        asking(place).ask(ASKED)

    assert len(place.asked) == 1


def test_it_is_not_followed_elsewhere() -> None:
    with (
        helper(says("stolen")) as other,
        helper(fails(307, Location=f"{other.url}/chat/completions")) as place,
        pytest.raises(HelperRefused),
    ):
        asking(place).ask(ASKED)

    assert other.asked == []


@pytest.mark.parametrize("answer", [waits(5), drips], ids=["silent", "a byte now and then"])
def test_a_slow_helper_is_not_waited_for_longer_than_said(answer) -> None:  # type: ignore[no-untyped-def]
    began = time.monotonic()
    with helper(answer) as place, pytest.raises(HelperTooSlow):
        asking(place, seconds=0.3).ask(ASKED)

    assert time.monotonic() - began < 4
    assert len(place.asked) == 4


@pytest.mark.parametrize(
    "content",
    [
        b"<html>busy</html>",
        b"\xff\xfe\x00",
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": null}}]}',
        b'{"choices": "x"}',
        b" " * (LARGEST_ANSWER + 1),
    ],
)
def test_garbage_is_no_answer_and_not_asked_for_again(content: bytes) -> None:
    with helper(sends(content)) as place, pytest.raises(HelperBabbled):
        asking(place).ask(ASKED)

    assert len(place.asked) == 1


def test_nobody_listening_is_a_failure_in_a_sentence() -> None:
    with helper(says("")) as place:
        pass

    with pytest.raises(HelperFailed) as failed:
        asking(place).ask(ASKED)

    assert "Nothing was changed" in failed.value.sentence


def test_the_object_is_found_in_a_fence_and_nothing_else_is_taken_for_one() -> None:
    assert document('Sure!\n```json\n{"title": []}\n```') == {"title": []}
    for said in ("", "no", "[1]", "{", "}{", "{" * 100_000 + "}" * 100_000, '{"a": 1} {"b": 2}'):
        with pytest.raises(HelperBabbled):
            document(said)


def test_there_is_no_helper_unless_address_and_model_are_set() -> None:
    assert helper_of(Settings()) is None
    assert helper_of(Settings(drafting_url="http://127.0.0.1:1/v1")) is None
    assert helper_of(Settings(drafting_model="tiny")) is None
    found = helper_of(Settings(drafting_url="http://127.0.0.1:1/v1", drafting_model="tiny", drafting_key="k"))
    assert found is not None
    assert json.dumps([found.url, found.model, found.key]) == '["http://127.0.0.1:1/v1", "tiny", "k"]'


@pytest.mark.parametrize(
    ("url", "key"), [("http://127.0.0.1:9/v1", "sk-secret-\u2026"), ("http://[::1/sk-secret", "sk-secret")]
)
def test_a_key_or_an_address_that_cannot_be_sent_is_in_no_error(url: str, key: str) -> None:
    with pytest.raises(HelperRefused) as refused:
        Helper(url, "tiny", key).ask(ASKED)

    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    assert "secret" not in "".join(traceback.format_exception(refused.value))
