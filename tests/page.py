"""A page as a reader without JavaScript has it: headings, links, real forms to fill in, and what is wrong with it."""

import itertools
import re

from tests.page_elements import CONTROLS, UNLABELLED, Builder, Element
from tests.page_forms import PageForm


class Page:
    """What a test reads: `text`, `links`, `form(...)`; `faults()` is what every page must be free of."""

    def __init__(self, html: str, url: str = "") -> None:
        builder = Builder()
        builder.feed(html)
        self.html, self.url, self.root, self.stray = html, url, builder.root, builder.stray
        self.elements = self.root.all()

    @property
    def text(self) -> str:
        return self.root.text

    @property
    def main(self) -> Element:
        return next((e for e in self.elements if e.tag == "main"), self.root)

    @property
    def title(self) -> str:
        return next((e.text for e in self.elements if e.tag == "title"), "")

    @property
    def heading(self) -> str:
        return next((e.text for e in self.elements if e.tag == "h1"), "")

    @property
    def links(self) -> list[str]:
        return [e.get("href") for e in self.elements if e.tag == "a" and e.get("href")]

    @property
    def forms(self) -> list[PageForm]:
        return [PageForm(self, e) for e in self.elements if e.tag == "form"]

    def link(self, words_on_it: str) -> str:
        """Where the first link with these words goes."""
        found = [e.get("href") for e in self.main.all("a") if words_on_it in e.text]
        assert found, f"no link “{words_on_it}” on {self.url}: {[e.text for e in self.main.all('a')]}"
        return found[0]

    def form(self, action: str = "", *, button: str = "") -> PageForm:
        """The first form whose action ends so (or matches the pattern), and that has such a button."""
        found = [
            form for form in self.forms
            if re.search(action + "$", form.action) and (not button or form.has_button(button))
        ]  # fmt: skip
        assert found, f"no form to “{action}” {button} on {self.url}: {[form.action for form in self.forms]}"
        return found[0]

    def faults(self) -> list[str]:
        return [*self.stray, *self.heading_faults(), *self.id_faults(), *self.form_faults()]

    def heading_faults(self) -> list[str]:
        levels = [int(e.tag[1]) for e in self.elements if re.fullmatch("h[1-6]", e.tag)]
        found = [
            f"h{after} follows h{before}"
            for before, after in itertools.pairwise(levels)
            if after > before + 1
        ]
        if levels.count(1) != 1:
            return [*found, f"{levels.count(1)} h1"]
        if levels[0] != 1:
            found.append("a heading stands before the h1")
        if not titles_match(self.title.removesuffix(" · CoMission"), self.heading):
            found.append(f"title “{self.title}” is not the h1 “{self.heading}”")
        return found

    def id_faults(self) -> list[str]:
        ids = [e.get("id") for e in self.elements if "id" in e]
        found = [f"id “{name}” twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
        for element in self.elements:
            for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "form"):
                if element.tag == "output" and name == "for":
                    continue
                found += [
                    f"{name}=“{wanted}” names nothing"
                    for wanted in element.get(name).split()
                    if wanted not in ids
                ]
        return found

    def form_faults(self) -> list[str]:
        found = [f"form without action: {form.element.attributes}" for form in self.forms if not form.action]
        found += [
            f"form “{form.action}” posts no token"
            for form in self.forms
            if form.method == "post" and "csrf_token" not in form.fields
        ]
        labelled = {e.get("for") for e in self.elements if e.tag == "label"}
        for control in (e for e in self.elements if e.tag in CONTROLS - {"button"}):
            if control.get("type") in UNLABELLED or control.inside("label") or control.get("id") in labelled:
                continue
            if not (control.get("aria-label") or control.get("aria-labelledby")):
                found.append(f"{control.tag} “{control.get('name')}” has no label")
        found += [
            f"a button has no words: {e.attributes}"
            for e in self.elements
            if e.tag == "button" and not (e.text or e.get("aria-label"))
        ]
        return found


def titles_match(title: str, heading: str) -> bool:
    """The same words; a long one may be cut short in the title, which then ends in dots."""
    if title.endswith(("…", "...")):
        return heading.startswith(title.rstrip("….").strip())
    return title == heading
