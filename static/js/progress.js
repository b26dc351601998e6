/* Shows how far a piece of work is, and loads the page anew when it has ended.

Works on the section with data-progress, whose value is the address to ask; without script the page refreshes itself. */

const section = document.querySelector("[data-progress]");
const PAUSE = 1000;
const PAUSE_AFTER_TROUBLE = 5000;

if (section) setTimeout(look, PAUSE);

async function look() {
  let pause = PAUSE;
  try {
    const answer = await fetch(section.dataset.progress, { headers: { accept: "application/json" } });
    if (answer.redirected || answer.status === 401) return location.reload(); // the session is over
    if (!answer.ok) throw new Error(String(answer.status));
    const found = await answer.json();
    if (found.ended) return location.reload();
    show(found);
  } catch (trouble) {
    console.info("The progress is asked for again:", trouble.message);
    pause = PAUSE_AFTER_TROUBLE;
  }
  setTimeout(look, pause);
}

/* What a screen reader hears changes with the step, not with every second. */
function show(found) {
  const bar = section.querySelector("progress");
  const moved = bar.value !== found.step || section.querySelector("[data-title]").textContent !== found.title;
  bar.max = found.steps;
  bar.value = found.step;
  section.querySelector("[role='status']").setAttribute("aria-live", moved ? "polite" : "off");
  section.querySelector("[data-title]").textContent = found.title;
  section.querySelector("[data-words]").textContent = found.words;
}
