// Changes the colours at once and tells the server to remember the choice; a second press follows the device again.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-switch] button[name=theme]");
  if (!button) return;
  event.preventDefault();
  const pressed = button.getAttribute("aria-pressed") === "true";
  const theme = pressed ? "system" : button.dataset.themeValue;
  if (pressed) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const other of document.querySelectorAll("[data-theme-switch] button[name=theme]")) {
    other.setAttribute("aria-pressed", String(other.dataset.themeValue === theme));
  }
  document.dispatchEvent(new CustomEvent("themechange"));
  const answer = new FormData(button.form);
  answer.set("theme", theme);
  fetch(button.form.action, { method: "POST", body: answer, redirect: "manual" });
});
