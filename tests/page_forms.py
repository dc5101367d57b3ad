"""One form of a page: its fields as a browser would send them, and only those."""

from typing import TYPE_CHECKING

from tests.page_elements import CONTROLS, Element

if TYPE_CHECKING:
    from tests.page import Page


class PageForm:
    """One form of a page: its fields as a browser would send them, and only those."""

    def __init__(self, page: "Page", element: Element) -> None:
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
