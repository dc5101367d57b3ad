// Asks before a form with data-confirm is sent; without JavaScript the form's own page explains the act.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset && event.target.dataset.confirm;
  if (!question || window.confirm(question)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
