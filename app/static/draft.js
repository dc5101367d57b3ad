// Keeps what is typed into a textarea with data-draft in this browser until its form is sent; the server's own draft comes first.
const DRAFT_PREFIX = "comission-draft:";
const draftKey = (area) => DRAFT_PREFIX + area.dataset.draft;
function restoreDrafts(root) {
  for (const area of root.querySelectorAll("textarea[data-draft]")) {
    try {
      const kept = localStorage.getItem(draftKey(area));
      if (kept && !area.value.trim()) {
        area.value = kept;
        area.dispatchEvent(new Event("input", { bubbles: true }));
      }
    } catch { /* Storage may be forbidden: the server's draft remains. */ }
  }
}
document.addEventListener("input", (event) => {
  if (!event.target.matches("textarea[data-draft]")) return;
  try { localStorage.setItem(draftKey(event.target), event.target.value); } catch { /* as above */ }
});
function forgetDrafts(form) {
  for (const area of form.querySelectorAll("textarea[data-draft]")) {
    try { localStorage.removeItem(draftKey(area)); } catch { /* as above */ }
  }
}
// A plain submission leaves the page; the page it answers with says so by data-draft-done.
function forgetFinished(root) {
  for (const mark of root.querySelectorAll("[data-draft-done]")) {
    try { localStorage.removeItem(DRAFT_PREFIX + mark.dataset.draftDone); } catch { /* as above */ }
  }
}
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  const sent = event.detail.successful && form.matches("form") && form.getAttribute("action") === event.detail.requestConfig.path;
  if (sent) forgetDrafts(form);
});
document.addEventListener("htmx:load", (event) => { restoreDrafts(event.detail.elt); forgetFinished(event.detail.elt); });
forgetFinished(document);
restoreDrafts(document);
// A form is sent once what it saves by itself (data-saves) is saved, and saves nothing afterwards: words typed during a
// saving would otherwise look like another window's.
const PATIENCE_MS = 5000;
const saving = new Map(); // Each request under way, and its form.
let sent = new WeakSet();
const saves = (form) => [...saving.values()].includes(form);
function sendWhenSaved(form, submitter, until) {
  if (saves(form) && Date.now() < until) { setTimeout(sendWhenSaved, 50, form, submitter, until); return; }
  for (const [request, its] of saving) if (its === form) saving.delete(request);
  if (!sent.has(form)) form.requestSubmit(submitter); // Pressed twice meanwhile: sent once.
}
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt.matches("[data-saves]") && event.detail.elt.closest("form");
  if (!form) return;
  if (sent.has(form)) event.preventDefault(); else saving.set(event.detail.xhr, form);
});
document.addEventListener("htmx:afterRequest", (event) => saving.delete(event.detail.xhr));
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (!saves(event.target)) { sent.add(event.target); return; }
  event.preventDefault();
  sendWhenSaved(event.target, event.submitter, Date.now() + PATIENCE_MS);
});
// A page that is come back to saves again.
window.addEventListener("pageshow", () => { sent = new WeakSet(); });
