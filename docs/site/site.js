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

const FOLD = 6;  // Runs of unchanged lines longer than this are folded.

/** A diff's rows: `[kind, old, new]`; equal lines stand opposite each other. */
function rowsOf(text) {
  const rows = [];
  let removed = [], added = [];
  for (const line of [...text.replace(/\n$/, "").split("\n"), null]) {
    if (line?.startsWith("-")) removed.push(line.slice(1));
    else if (line?.startsWith("+")) added.push(line.slice(1));
    else {
      for (let index = 0; index < Math.max(removed.length, added.length); index++) rows.push(["change", removed[index], added[index]]);
      [removed, added] = [[], []];
      if (line !== null) rows.push(["same", line.slice(1), line.slice(1)]);
    }
  }
  return rows;
}

function tableRow([kind, ...texts]) {
  const row = document.createElement("tr");
  texts.forEach((text, side) => {
    const code = row.appendChild(document.createElement("td")).appendChild(document.createElement("code"));
    code.parentElement.className = `${text === undefined ? "none" : kind} ${side ? "new" : "old"}`;
    code.textContent = text ?? "";
  });
  return row;
}

/** Two columns of a diff. */
function sideBySide(text) {
  const table = document.createElement("table");
  table.className = "side-by-side";
  const rows = rowsOf(text);
  for (let start = 0, end; start < rows.length; start = end) {
    const isSame = rows[start][0] === "same";
    end = rows.findIndex((row, index) => index > start && (row[0] === "same") !== isSame);
    if (end < 0) end = rows.length;
    const lines = document.createElement("tbody");
    lines.append(...rows.slice(start, end).map(tableRow));
    if (isSame && end - start > FOLD) {
      const fold = table.appendChild(document.createElement("tbody")).insertRow().insertCell();
      fold.parentElement.className = "fold";
      fold.colSpan = 2;
      fold.append(button(`${end - start} unchanged lines`, () => unfold(fold.firstChild)));
      fold.firstChild.setAttribute("aria-expanded", "false");
      lines.hidden = true;
    }
    table.append(lines);
  }
  return table;
}

function unfold(element) {
  const lines = element.closest("tbody").nextElementSibling;
  lines.hidden = !lines.hidden;
  element.setAttribute("aria-expanded", String(!lines.hidden));
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

/** Every changed file, old and new opposite each other. */
function changes(files) {
  const shown = document.createElement("div");
  shown.className = "step-program";
  for (const [name, diff] of Object.entries(files)) {
    const title = document.createElement("p");
    title.textContent = name;
    shown.append(title, sideBySide(diff));
  }
  return shown;
}

async function stepCard(card) {
  let record, open;
  const buttons = {};
  async function show(which) {
    record ??= await (await fetch(card.dataset.step)).json();
    open?.remove();
    open = open?.dataset.which === which ? undefined : (which === "changes" ? changes : program)(record[which]);
    for (const name of Object.keys(buttons)) buttons[name].setAttribute("aria-pressed", String(Boolean(open) && name === which));
    if (!open) return;
    open.dataset.which = which;
    card.after(open);
  }
  for (const [name, text] of [["before", "the program before"], ["after", "after"], ["changes", "all changes"]]) {
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
  for (const diff of document.querySelectorAll("pre.diff")) diff.replaceWith(sideBySide(diff.textContent));
  eachOnce(".step-card", stepCard);
  eachOnce("[data-predict]", predict);
  showGuesses();
  // Only where they are wanted: a chapter should be light.
  if (document.querySelector(".waiting-machine")) import("./machine.js");
  if (document.querySelector(".trace-player")) import("./trace-player.js");
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", prepare);
else prepare();
