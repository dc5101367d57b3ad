// Changes the colours at once and tells the server to remember the choice.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-switch] button[name=theme]");
  if (!button) return;
  event.preventDefault();
  const form = button.form;
  const pressed = button.getAttribute("aria-pressed") === "true";
  const theme = pressed ? "system" : button.value;
  if (pressed) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const other of form.querySelectorAll("button")) {
    other.setAttribute("aria-pressed", String(!pressed && other === button));
  }
  document.dispatchEvent(new CustomEvent("themechange"));
  const answer = new FormData(form);
  answer.set("theme", theme);
  fetch(form.action, { method: "POST", body: answer, redirect: "manual" });
});
