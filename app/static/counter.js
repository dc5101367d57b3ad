// Says how many characters are typed, or how many are still missing, under a textarea with data-count.
function showCount(area) {
  const output = document.getElementById(area.dataset.count);
  if (!output) return;
  const typed = Array.from(area.value).length;
  const least = area.minLength > 0 ? area.minLength : 0;
  const short = typed > 0 && typed < least;
  const words = short ? output.dataset.wordsShort : output.dataset.words;
  const count = short ? least - typed : typed;
  output.textContent = typed === 0 ? "" : words.replace("{count}", count.toLocaleString(document.documentElement.lang));
}
function showCounts(root) {
  for (const area of root.querySelectorAll("textarea[data-count]")) showCount(area);
}
document.addEventListener("input", (event) => {
  if (event.target.matches("textarea[data-count]")) showCount(event.target);
});
document.addEventListener("htmx:load", (event) => showCounts(event.detail.elt));
showCounts(document);
