/* Says that a file is too large before it is sent, and that it is being sent.

Takes its words and the limit from the form and its field (data-too-large, data-sending, data-largest). The server checks
again. */

const form = document.querySelector("form[data-too-large]");
const field = form?.querySelector("input[data-largest]");

if (field) {
  field.addEventListener("change", check);
  form.addEventListener("submit", send);
}

function tooLarge() {
  return [...field.files].some((file) => file.size > Number(field.dataset.largest));
}

function say(words) {
  form.querySelector("[data-said]").textContent = words;
}

function check() {
  field.setAttribute("aria-invalid", String(tooLarge()));
  say(tooLarge() ? form.dataset.tooLarge : "");
}

function send(event) {
  if (tooLarge()) {
    event.preventDefault();
    check();
    field.focus();
    return;
  }
  say(form.dataset.sending);
}
