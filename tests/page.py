"""A page as a reader without JavaScript has it: headings, links, real forms to fill in, and what is wrong with it."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
CONTROLS = {"input", "textarea", "select", "button"}
UNLABELLED = {"hidden", "submit", "reset", "button", "image"}
Attributes = dict[str, str]


def words(text: str) -> str:
    return " ".join(text.split())


@dataclass
class Element:
    tag: str
    attributes: Attributes
    parent: "Element | None"
    children: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return words(
            "".join(
                child if isinstance(child, str) else f" {child.text} " if child.tag in BLOCKS else child.raw
                for child in self.children
            )
        )

    @property
    def raw(self) -> str:
        return "".join(child if isinstance(child, str) else child.raw for child in self.children)

    def all(self, *tags: str) -> list["Element"]:
        found: list[Element] = []
        for child in self.children:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    found.append(child)
                found += child.all(*tags)
        return found

    def inside(self, tag: str) -> "Element | None":
        above = self.parent
        while above is not None and above.tag != tag:
            above = above.parent
        return above

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def __contains__(self, name: str) -> bool:
        return name in self.attributes


BLOCKS = {
    "p",
    "li",
    "div",
    "td",
    "th",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "dt",
    "dd",
    "option",
    "section",
    "label",
}


class Builder(HTMLParser):
    """A plain tree; our own pages close what they open, which is checked too."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#page", {}, None)
        self.here = self.root
        self.stray: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.here.tag != tag:
            self.stray.append(f"</{tag}> closes <{self.here.tag}>")
        above: Element | None = self.here
        while above is not None and above.tag != tag:
            above = above.parent
        if above is not None and above.parent is not None:
            self.here = above.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


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
    def forms(self) -> list["PageForm"]:
        return [PageForm(self, e) for e in self.elements if e.tag == "form"]

    def link(self, words_on_it: str) -> str:
        """Where the first link with these words goes."""
        found = [e.get("href") for e in self.main.all("a") if words_on_it in e.text]
        assert found, f"no link “{words_on_it}” on {self.url}: {[e.text for e in self.main.all('a')]}"
        return found[0]

    def form(self, action: str = "", *, button: str = "") -> "PageForm":
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
            for before, after in zip(levels, levels[1:], strict=False)
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


class PageForm:
    """One form of a page: its fields as a browser would send them, and only those."""

    def __init__(self, page: Page, element: Element) -> None:
        self.page, self.element = page, element
        self.action = element.get("action")
        self.method = element.get("method", "get").lower()
        inside = [e for e in element.all(*CONTROLS) if "form" not in e]
        owned = [
            e
            for e in page.elements
            if e.tag in CONTROLS and element.get("id") and e.get("form") == element.get("id")
        ]
        self.controls = [e for e in (*inside, *owned) if "disabled" not in e]

    @property
    def fields(self) -> dict[str, str | list[str]]:
        """Name → what is sent when nothing is touched; repeated names as a list."""
        sent: dict[str, str | list[str]] = {}
        for name, value in self.pairs():
            known = sent.get(name)
            sent[name] = value if known is None else [*(known if isinstance(known, list) else [known]), value]
        return sent

    def pairs(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for control in self.controls:
            name, kind = control.get("name"), control.get("type", "text")
            if not name or control.tag == "button" or kind in ("submit", "file"):
                continue
            if kind in ("checkbox", "radio"):
                found += [(name, control.get("value", "on"))] if "checked" in control else []
            elif control.tag == "select":
                found += [(name, value) for value in chosen(control)]
            elif control.tag == "textarea":
                found.append((name, control.raw.removeprefix("\n")))
            else:
                found.append((name, control.get("value")))
        return found

    @property
    def names(self) -> set[str]:
        return {control.get("name") for control in self.controls if control.get("name")}

    def choices(self, name: str) -> list[str]:
        """The values that a select, radio or checkbox of this name offers."""
        offered: list[str] = []
        for control in self.controls:
            if control.get("name") == name and control.tag == "select":
                offered += [option.get("value", option.text) for option in control.all("option")]
            elif control.get("name") == name and control.get("type") in ("radio", "checkbox"):
                offered.append(control.get("value", "on"))
        return offered

    def has_button(self, label: str) -> bool:
        return any(label in self.label_of(e) for e in self.buttons)

    @property
    def buttons(self) -> list[Element]:
        return [e for e in self.controls if e.tag == "button" or e.get("type") in ("submit", "image")]

    @staticmethod
    def label_of(button: Element) -> str:
        return button.text or button.get("aria-label") or button.get("value")

    def filled(
        self, changes: dict[str, object] | None = None, *, button: str = "", check: bool = True
    ) -> tuple[str, dict[str, object]]:
        """Where it goes and what it sends; a field that the page does not offer fails the test."""
        sent: dict[str, object] = dict(self.fields)
        for name, value in (changes or {}).items():
            assert name in self.names, (
                f"the form to {self.action} has no field “{name}”: {sorted(self.names)}"
            )
            offered = self.choices(name)
            wanted = value if isinstance(value, list) else [value]
            assert not (check and offered) or set(map(str, wanted)) <= set(offered), (
                f"“{name}” offers {offered}, not {value}"
            )
            sent[name] = value
        for control in self.controls if check else ():
            if "required" in control and control.get("name") not in ("", None):
                assert sent.get(control.get("name")) not in (None, "", []), (
                    f"“{control.get('name')}” must be filled in"
                )
        pressed = next((e for e in self.buttons if button and button in self.label_of(e)), None)
        assert pressed is not None or not button, (
            f"no button “{button}”: {[self.label_of(e) for e in self.buttons]}"
        )
        pressed = pressed or next(iter(self.buttons), None)
        if pressed is not None and pressed.get("name"):
            sent[pressed.get("name")] = pressed.get("value")
        return (pressed.get("formaction") if pressed is not None else "") or self.action, sent


def chosen(select: Element) -> list[str]:
    options = select.all("option")
    picked = [option for option in options if "selected" in option]
    if not picked and "multiple" not in select:
        picked = options[:1]
    return [option.get("value", option.text) for option in picked]
