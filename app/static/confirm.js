// Asks before a form, or by a button, with data-confirm is sent; without JavaScript the form's own page explains the act.
document.addEventListener("submit", (event) => {
  const asking = [event.submitter, event.target].find((each) => each && each.dataset && each.dataset.confirm);
  const question = asking && asking.dataset.confirm;
  if (!question || window.confirm(question)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
