// Select2 shows a box without a name beside each choice that is looked up while typing; give it that of the field's label.

function nameBoxes() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = select.labels?.[0];
    const box = select.nextElementSibling?.querySelector('[role="combobox"]');
    if (label && box && !box.dataset.named) {
      label.id ||= `${select.id}-label`;
      box.setAttribute("aria-labelledby", `${label.id} ${box.getAttribute("aria-labelledby") ?? ""}`.trim());
      box.querySelector('[role="textbox"]')?.setAttribute("aria-labelledby", label.id);
      box.dataset.named = "";
    }
  }
}

// The boxes come when the page is ready, and again with each row that is added.
new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
nameBoxes();
