// Asks for what is new every few seconds while somebody looks at the page; what comes is added beside what they type.
const NEWS_EVERY_MS = 15000;
function askForNews() {
  if (document.visibilityState !== "visible") return;
  for (const asking of document.querySelectorAll("[data-news]")) htmx.trigger(asking, "news");
}
setInterval(askForNews, NEWS_EVERY_MS);
document.addEventListener("visibilitychange", askForNews);
