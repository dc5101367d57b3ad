// Keys at the workbench: J and K walk through the voices, X ticks one, M goes to the choice of a group.
(() => {
  "use strict";
  // The list of groups stays where the chosen one is.
  const list = document.querySelector(".bench-groups");
  const here = list && list.querySelector("[aria-current]");
  if (here) list.scrollTop = here.offsetTop - list.clientHeight / 3;

  const form = document.getElementById("choose");
  if (!form) return;
  const boxes = [...form.querySelectorAll('input[name="voice"]')];
  const hint = document.querySelector("[data-keys]");
  if (hint) hint.hidden = false;

  const step = (by) => {
    const at = boxes.indexOf(document.activeElement);
    const next = boxes[Math.min(boxes.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    if (!next) return;
    next.focus();
    next.closest("li").scrollIntoView({ block: "nearest" });
  };
  const acts = {
    j: () => step(1),
    k: () => step(-1),
    x: () => { const box = document.activeElement; if (boxes.includes(box)) box.checked = !box.checked; },
    m: () => form.elements.target?.focus(),
  };
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inText = event.target.matches('input:not([type="checkbox"]), textarea, select');
    const act = acts[event.key.toLowerCase()];
    if (inText || !act) return;
    event.preventDefault();
    act();
  });
})();
