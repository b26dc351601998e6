/* The keys of the recording screen. All of it works without them, with Tab, the arrows and the mouse.

A letter on a grade enters it and goes on to the next question. The letters come from the page (#record-keys), and so do all
words (data-* of the form). */

const form = document.getElementById("record");
if (form) begin(form, JSON.parse(document.getElementById("record-keys").textContent));

function begin(form, keys) {
  const groups = [...form.querySelectorAll("[data-grade]")];
  let unsaved = false;

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const group = event.target.closest("[data-grade]");
    if (group) onGrade(event, group);
    else if (event.key === "Enter" && event.target.matches("[data-row] input")) {
      event.preventDefault();
      goOn(event.target.closest("[data-row]").querySelector("[data-grade]"), event.target);
    }
  });

  /* Choosing a grade by mouse or arrows makes the state fit, as the keys do. */
  form.addEventListener("change", (event) => {
    if (!event.target.checked || !event.target.matches('[data-grade] input[type="radio"]')) return;
    const state = stateOf(event.target.closest("[data-row]"));
    if (event.target.value !== "") state.value = state.value === keys.carried ? keys.carried : keys.graded;
    else if (state.value === keys.carried || state.value === keys.graded) state.value = "";
  });

  form.addEventListener("input", () => {
    unsaved = true;
    form.querySelector("[data-unsaved-shown]").textContent = form.dataset.unsaved;
  });
  form.addEventListener("submit", () => {
    unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  /* Keys on a grade */

  function onGrade(event, group) {
    const row = group.closest("[data-row]");
    const key = event.key.toLowerCase();
    if (key === "enter") goOn(group);
    else if (key === "backspace" || key === "delete") clear(row, group);
    else if (key === "p") row.querySelector('[name$="-locator"]').focus();
    else if (key === "f") row.querySelector("[data-paste]").focus();
    else if (key in keys.levels) enterLevel(row, group, keys.levels[key]);
    else if (key in keys.states) enterState(row, group, keys.states[key]);
    else return;
    event.preventDefault();
  }

  function enterLevel(row, group, level) {
    const radio = group.querySelector(`input[value="${level}"]`);
    if (!radio) {
      say(group, form.dataset.four);
      return;
    }
    const state = stateOf(row);
    // A grade that is carried forward stays so: its state was entered first.
    if (state.value !== keys.carried) state.value = keys.graded;
    choose(radio);
    say(group, "");
    goOn(group);
  }

  function enterState(row, group, state) {
    stateOf(row).value = state;
    choose(group.querySelector('input[value=""]'));
    say(group, state === keys.carried ? form.dataset.carried : "");
    if (state === keys.carried) return;
    if (state === keys.withheld) row.querySelector('[name$="-withheld_reason"]').focus();
    else goOn(group);
  }

  function clear(row, group) {
    stateOf(row).value = "";
    choose(group.querySelector('input[value=""]'));
    say(group, "");
  }

  function stateOf(row) {
    return row.querySelector('select[name$="-state"]');
  }

  function choose(radio) {
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function say(group, words) {
    group.querySelector("[data-said]").textContent = words;
  }

  /* To the grade of the next question, or to the button that saves after the last; from a row without one, onwards too. */
  function goOn(group, from) {
    let next;
    if (group) next = groups[groups.indexOf(group) + 1];
    else next = groups.find((other) => from.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
    const target = next?.querySelector("input:checked") ?? next?.querySelector("input");
    (target ?? form.querySelector("button[type=submit]")).focus();
  }
}
