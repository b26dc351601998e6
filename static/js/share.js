/* A button that copies the snippet; without it the text is selected and copied by hand. */
const words = document.querySelector("script[data-copy]").dataset;

for (const place of document.querySelectorAll("[data-copied-from]")) {
  const text = place.querySelector("textarea");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.copy;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
      button.textContent = words.copied;
    } catch {
      text.select();
    }
  });
  place.append(button);
}
