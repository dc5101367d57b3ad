// Says in the notices that the server could not be reached; nothing typed is lost.
document.addEventListener("htmx:sendError", () => {
  const words = document.getElementById("trouble");
  if (words) document.getElementById("notices").replaceChildren(words.content.cloneNode(true));
});
