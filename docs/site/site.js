// The marks of the book that react: folded lines, the programs before and after a step, predictions. Without scripts, the page
// still says everything.

function eachOnce(selector, action) {
  for (const element of document.querySelectorAll(selector)) {
    if (element.dataset.ready) continue;
    element.dataset.ready = "yes";
    action(element);
  }
}

function button(text, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", action);
  return made;
}

function unfold(element) {
  element.addEventListener("click", () => {
    const lines = element.closest("tbody").nextElementSibling;
    lines.hidden = !lines.hidden;
    element.setAttribute("aria-expanded", String(!lines.hidden));
  });
}

/** The files of a program, one below the other, and each can be saved. */
function program(files) {
  const shown = document.createElement("div");
  shown.className = "step-program";
  for (const [name, text] of Object.entries(files)) {
    const title = document.createElement("p");
    const link = document.createElement("a");
    link.download = name.split("/").pop();
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.textContent = `${name} (${text.split("\n").length - 1} lines, save)`;
    title.append(link);
    const block = document.createElement("pre");
    const code = document.createElement("code");
    code.textContent = text;
    block.append(code);
    shown.append(title, block);
  }
  return shown;
}

async function stepCard(card) {
  let record, open;
  const buttons = {};
  async function show(which) {
    record ??= await (await fetch(card.dataset.step)).json();
    open?.remove();
    open = open?.dataset.which === which ? undefined : program(record[which]);
    for (const name of Object.keys(buttons)) buttons[name].setAttribute("aria-pressed", String(Boolean(open) && name === which));
    if (!open) return;
    open.dataset.which = which;
    card.after(open);
  }
  for (const [name, text] of [["before", "the program before"], ["after", "after"]]) {
    buttons[name] = button(text, () => show(name));
    buttons[name].setAttribute("aria-pressed", "false");
    card.insertBefore(buttons[name], card.querySelector(".step-place"));
  }
}

const guessKey = (name) => `five-ways-guess-${name}`;

function predict(place) {
  const form = document.createElement("form");
  form.className = "predict";
  const field = document.createElement("input");
  field.setAttribute("aria-label", "your guess");
  field.value = localStorage.getItem(guessKey(place.dataset.predict)) ?? "";
  const unit = document.createTextNode(place.dataset.unit ?? "");
  form.append(field, unit, button("keep", () => form.requestSubmit()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    localStorage.setItem(guessKey(place.dataset.predict), field.value);
    showGuesses();
  });
  place.append(form);
}

function showGuesses() {
  for (const place of document.querySelectorAll("[data-answer]")) {
    const guess = localStorage.getItem(guessKey(place.dataset.answer));
    place.className = "guess";
    place.textContent = guess ? ` (you guessed ${guess})` : "";
  }
}

function prepare() {
  eachOnce(".side-by-side .fold button", unfold);
  eachOnce(".step-card", stepCard);
  eachOnce("[data-predict]", predict);
  showGuesses();
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", prepare);
else prepare();
