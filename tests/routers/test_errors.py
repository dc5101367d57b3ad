"""Every refusal is a plain page with a reference."""

from tests.client import Browser


def test_a_visitor_reads_a_plain_page_where_there_is_nothing(visitor: Browser) -> None:
    answer = visitor.get("/nowhere")

    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.text
    assert answer.headers["X-Request-ID"] in answer.text


def test_a_form_without_its_token_changes_nothing(visitor: Browser) -> None:
    answer = visitor.post("/preferences", data={"locale": "es"})

    assert answer.status_code == 403
    assert "language" not in visitor.cookies
