// Tells a deadline by the reader's own clock beside the zone of the call; without a script it stands there in UTC.
function tellLocalTime(root) {
  for (const place of root.querySelectorAll("[data-local-time]")) {
    const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
    const zone = form.resolvedOptions().timeZone;
    const time = `${form.format(new Date(place.dataset.localTime))} (${zone})`;
    place.textContent = place.dataset.words.replace("{time}", time);
  }
}
document.addEventListener("htmx:load", (event) => tellLocalTime(event.detail.elt));
tellLocalTime(document);
