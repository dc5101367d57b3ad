"""The reader of pages itself sees what is wrong with a page, and sends only what a form offers."""

import pytest

from tests.page import Page

GOOD = """<title>Say it · CoMission</title><h1>Say it</h1><h2>How</h2>
<form action="/said" method="post" id="f"><input type="hidden" name="csrf_token" value="t">
<label for="t">Text</label><textarea id="t" name="text">
Hello</textarea>
<label>Group <select name="group"><option value="a">A</option><option value="b" selected>B</option></select></label>
<button name="act" value="send">Send</button><button name="act" value="look" formaction="/look">Look</button></form>"""


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("<h1>Say it</h1>", "", "0 h1"),
        ("<h1>Say it</h1>", "<h1>Say it</h1><h1>Say it</h1>", "2 h1"),
        ("<h1>Say it</h1>", "<h1>Other</h1>", "is not the h1"),
        ("<h2>How</h2>", "<h3>How</h3>", "h3 follows h1"),
        ('<label for="t">Text</label>', "", "“text” has no label"),
        ('action="/said"', "", "form without action"),
        ('name="csrf_token"', 'name="other"', "posts no token"),
        ("<h2>How</h2>", '<h2 id="t">How</h2>', "id “t” twice"),
        ('for="t"', 'for="nobody"', "names nothing"),
        (">Look<", "><", "no words"),
        ("</h2>", "</h2></div>", "closes"),
    ],
)
def test_a_fault_is_seen(before: str, after: str, fault: str) -> None:
    assert before in GOOD
    assert Page(GOOD).faults() == []

    assert fault in " ".join(Page(GOOD.replace(before, after)).faults())


def test_a_form_sends_what_a_browser_would() -> None:
    form = Page(GOOD).form("/said")

    assert form.filled() == ("/said", {"csrf_token": "t", "text": "Hello", "group": "b", "act": "send"})
    assert form.filled({"group": "a"}, button="Look")[0] == "/look"


def test_a_field_or_choice_that_is_not_offered_fails() -> None:
    form = Page(GOOD).form("/said")

    with pytest.raises(AssertionError, match="no field"):
        form.filled({"title": "x"})
    with pytest.raises(AssertionError, match="offers"):
        form.filled({"group": "c"})
    with pytest.raises(AssertionError, match="must be filled"):
        Page(GOOD.replace('name="text"', 'name="text" required').replace("Hello", "")).form("/said").filled()
