// On a ballot: says how much of it is filled in, and moves an option one place by a button. All of it works without.
const form = document.querySelector("#ballot form");
const filled = (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked : field.value !== "");

function tell() {
  for (const told of form.querySelectorAll(".mark-count")) {
    const frame = told.closest("[data-mark-rows]");
    const radios = frame ? [] : [...form.querySelectorAll("[data-mark-rows]")];
    const fields = frame ? [...frame.querySelectorAll("select, input[type=checkbox]")] : [];
    const done = frame ? fields.filter(filled).length : radios.filter((each) => each.querySelector(":checked")).length;
    const all = frame ? fields.length : radios.length;
    const words = told.dataset.words.replace("{done}", done).replace("{all}", all);
    if (told.textContent !== words) told.textContent = words;
  }
}

// One place better or worse: it changes places with the one that holds the next number. What has none yet comes next.
function move(button) {
  const mine = document.getElementById(button.dataset.of);
  const all = [...mine.closest("[data-mark-rows]").querySelectorAll("select")];
  const others = all.filter((each) => each !== mine);
  const now = Number(mine.value);
  const wanted = now ? now + Number(button.dataset.move) : Math.max(0, ...others.map((each) => Number(each.value))) + 1;
  const next = Math.min(all.length, Math.max(1, wanted));
  const holders = others.filter((each) => Number(each.value) === next);
  if (now && holders.length === 1) holders[0].value = String(now);
  mine.value = String(next);
  tell();
  const told = form.querySelector(".mark-count");
  told.textContent = `${mine.labels[0].textContent.trim()}: ${next}. ${told.textContent}`;
}

if (form) {
  for (const hidden of form.querySelectorAll(".mark-count, .number-moves")) hidden.hidden = false;
  form.addEventListener("change", tell);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(button);
  });
  tell();
}
