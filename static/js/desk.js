/* What is typed into a form is not lost with the session.

While somebody types, what differs from the page as it came is kept in this tab (sessionStorage) under the form's address:
texts, choices and ticks, never passwords, files or hidden fields. When the same person comes to the same address again, the
page offers to bring it back. It is forgotten once the site says that it has saved, when it is discarded, and at sign-out.

Takes its words from its own script element: see templates/admin/base_site.html. A form takes part when its id ends in
"_form", as those of the admin do, or when it has data-keep. A page says that it has saved by the admin's message of success,
or by data-saved on any element. */

const given = document.querySelector("script[data-desk]")?.dataset;
const PREFIX = "desk:";
const SENT = "desk-sent";
const HERE = PREFIX + location.pathname + location.search;
const REFUSED = new Set(["password", "file", "hidden", "submit", "button", "image", "reset"]);
let forgotten = false;

if (given) {
  try {
    start();
  } catch (trouble) {
    console.info("What is typed is not kept in this browser:", trouble.message); // storage may be forbidden
  }
}

function start() {
  for (const form of document.querySelectorAll("form[data-desk-forget], #logout-form")) {
    form.addEventListener("submit", forgetAll);
  }
  const sent = sessionStorage.getItem(SENT);
  if (document.querySelector(".messagelist .success, [data-saved]")) {
    if (sent) sessionStorage.removeItem(sent);
  }
  sessionStorage.removeItem(SENT);
  const form = document.querySelector("#content form[id$='_form'][method='post'], form[data-keep]");
  if (form) keep(form);
}

function forgetAll() {
  forgotten = true; // the page is still there for a moment, and writes once more as it goes
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
}

/* Fields */

function fields(form) {
  return [...form.elements].filter(
    (field) => field.name && !field.disabled && !REFUSED.has(field.type) && !field.name.includes("__prefix__"),
  );
}

/* A field's value as plain data; a choice keeps its words too, as a list that is searched while typing has no other rows. */
function valueOf(field) {
  if (field instanceof HTMLSelectElement) {
    return [...field.selectedOptions].map((option) => [option.value, option.text]);
  }
  return field.type === "checkbox" || field.type === "radio" ? field.checked : field.value;
}

/* Boxes and radio buttons of one name are told apart by what they stand for. */
function labelOf(field) {
  return field.type === "radio" || field.type === "checkbox" ? `${field.name}=${field.value}` : field.name;
}

function snapshot(form) {
  return new Map(fields(form).map((field) => [labelOf(field), JSON.stringify(valueOf(field))]));
}

function put(field, value) {
  if (field instanceof HTMLSelectElement) {
    for (const [chosen, words] of value) {
      if (![...field.options].some((option) => option.value === chosen)) field.add(new Option(words, chosen));
    }
    const chosen = new Set(value.map(([name]) => name));
    for (const option of field.options) option.selected = chosen.has(option.value);
  } else if (field.type === "checkbox" || field.type === "radio") {
    field.checked = value;
  } else {
    field.value = value;
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/* Keeping */

function read() {
  const kept = JSON.parse(sessionStorage.getItem(HERE) ?? "null");
  return kept?.person === given.person ? kept : null;
}

function keep(form) {
  const before = snapshot(form);
  const refused = form.querySelector(".errornote, .errorlist, [aria-invalid='true']") !== null;
  const earlier = read();
  const kept = earlier?.values ?? {};
  const typed = new Set();
  let waiting;

  const write = () => {
    clearTimeout(waiting);
    if (forgotten) return;
    for (const [label, value] of snapshot(form)) {
      if (before.get(label) !== value) {
        typed.add(label);
        kept[label] = JSON.parse(value);
      } else if (typed.delete(label)) {
        delete kept[label];
      }
    }
    if (Object.keys(kept).length === 0) sessionStorage.removeItem(HERE);
    else sessionStorage.setItem(HERE, JSON.stringify({ person: given.person, rows: rowsOf(form), values: kept }));
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(write, 300);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", () => {
    write();
    sessionStorage.setItem(SENT, HERE);
  });
  window.addEventListener("pagehide", () => waiting && write());

  // A form that came back with errors has the text in it already.
  if (earlier && !refused) offer(form, earlier, kept);
}

/* Rows that were added to a form before it was lost are added again, by the admin's own link. */
function rowsOf(form) {
  return Object.fromEntries(
    [...form.querySelectorAll("input[name$='-TOTAL_FORMS']")].map((field) => [field.name, Number(field.value)]),
  );
}

function addRows(form, rows) {
  for (const [name, wanted] of Object.entries(rows ?? {})) {
    const count = form.elements.namedItem(name);
    const group = document.getElementById(name.replace(/-TOTAL_FORMS$/, "-group"));
    const link = group?.querySelector(".add-row a");
    while (count && link && Number(count.value) < wanted) {
      const had = count.value;
      link.click();
      if (count.value === had) break;
    }
  }
}

function offer(form, earlier, kept) {
  const box = document.createElement("section");
  const words = document.createElement("p");
  box.className = "desk-offer";
  words.setAttribute("role", "status");
  form.before(box);
  box.append(words);
  words.textContent = given.had;

  const end = (said) => {
    for (const old of box.querySelectorAll("button")) old.remove();
    words.textContent = said;
    words.tabIndex = -1;
    words.focus();
  };
  button(given.bringBack, () => {
    addRows(form, earlier.rows);
    const all = new Map(fields(form).map((field) => [labelOf(field), field]));
    for (const [label, value] of Object.entries(kept)) {
      if (all.has(label)) put(all.get(label), value);
    }
    end(given.brought);
  });
  button(given.discard, () => {
    for (const label of Object.keys(kept)) delete kept[label];
    sessionStorage.removeItem(HERE);
    end(given.discarded);
  });

  function button(text, onclick) {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    element.addEventListener("click", onclick);
    box.append(element);
  }
}
