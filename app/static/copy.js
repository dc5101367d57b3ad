// Copies the text of the element named by data-copy; the button stays hidden where copying is not possible.
function offerCopy(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.value || source.textContent.trim());
  button.textContent = button.dataset.copied;
});
document.addEventListener("htmx:load", (event) => offerCopy(event.detail.elt));
offerCopy(document);
