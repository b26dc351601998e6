/* A chart to explore: a button beside each picture that has a figure, and Plotly behind it, loaded when a reader asks.

Finds its charts by data-explore (the address of the figure), and its words and addresses on its own script element: see
templates/components/explore.html. Without this script, or where Plotly cannot be loaded, the picture and the table stay. */

const PATIENCE = 30_000;
const ZOOM = 2;
const given = document.querySelector("script[data-explore-bundle]")?.dataset;

if (given) {
  for (const figure of document.querySelectorAll("figure[data-explore]")) offer(figure);
}

/* Elements */

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

function button(text, onclick, attributes = {}) {
  return make("button", { type: "button", class: "explore__button", onclick, ...attributes }, text);
}

/* Put the button beside a picture; the status is there from the start, as some screen readers hear only of changes. */
function offer(figure) {
  const picture = figure.querySelector(".chart-frame");
  if (!picture) return;
  const status = make("p", { class: "explore__status", role: "status" });
  const opener = button(given.explore, () => open(figure, opener, status), {
    "aria-describedby": figure.getAttribute("aria-labelledby") ?? false,
  });
  const row = make("div", { class: "explore__offer" }, opener, status);
  (figure.querySelector(".chart-key") ?? picture).after(row);
}

async function open(figure, opener, status) {
  if (opener.getAttribute("aria-disabled") === "true") return;
  opener.setAttribute("aria-disabled", "true");
  status.textContent = given.loading;
  try {
    const [drawing, Plotly] = await Promise.all([load(figure.dataset.explore), library()]);
    status.textContent = "";
    await show(figure, opener, drawing, Plotly);
  } catch (trouble) {
    console.info("The interactive chart is not shown:", trouble.message);
    figure.querySelector(".explore")?.remove();
    figure.classList.remove("figure--exploring");
    status.textContent = given.failed;
  } finally {
    opener.removeAttribute("aria-disabled");
  }
}

/* Loading */

async function load(address) {
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.json();
}

let asked = null;

/* Load Plotly once. Its rules come as a style sheet of ours, under the id and class by which it knows not to write any; the
rules of its maps, which it would write into the page at once and which no chart of ours needs, are kept out meanwhile. Both
keep the page within a policy that forbids styles written into it. */
function library() {
  asked ??= rules()
    .then(bundle)
    .then(
      () => {
        register(window.Plotly);
        return window.Plotly;
      },
      (trouble) => {
        asked = null;
        throw trouble;
      },
    );
  return asked;
}

async function rules() {
  const id = "plotly.js-style-global";
  if (document.getElementById(id)) return;
  await arrival(make("link", { rel: "stylesheet", id, class: "no-inline-styles", href: given.exploreStyles }));
}

async function bundle() {
  const head = document.head;
  head.appendChild = (node) => (node instanceof HTMLStyleElement ? node : Node.prototype.appendChild.call(head, node));
  try {
    await arrival(make("script", { src: given.exploreBundle }));
  } finally {
    delete head.appendChild;
  }
}

function arrival(element) {
  return new Promise((resolve, reject) => {
    const fail = (why) => {
      element.remove();
      reject(new Error(`${element.src ?? element.href} ${why}`));
    };
    const clock = setTimeout(fail, PATIENCE, "took too long");
    element.addEventListener("load", () => {
      clearTimeout(clock);
      resolve();
    });
    element.addEventListener("error", () => {
      clearTimeout(clock);
      fail("could not be loaded");
    });
    document.head.append(element);
  });
}

/* Numbers are written alike in English and Welsh; all words are ours, so that the dictionaries are empty. */
function register(Plotly) {
  for (const name of ["en-GB", "cy"]) {
    Plotly.register({
      moduleType: "locale",
      name,
      dictionary: {},
      format: { decimal: ".", thousands: ",", grouping: [3], currency: ["£", ""] },
    });
  }
}

function locale() {
  return document.documentElement.lang.startsWith("cy") ? "cy" : "en-GB";
}

/* Showing */

async function show(figure, opener, drawing, Plotly) {
  const name = `explore-${Math.random().toString(36).slice(2)}`;
  const plot = make("div", {
    class: "explore__plot",
    tabindex: "0",
    role: "application",
    "aria-label": drawing.layout.meta.title,
    "aria-describedby": name,
    onkeydown: (event) => step(event, view),
  });
  const said = make("p", { class: "explore__said", "aria-live": "polite" });
  const view = { Plotly, plot, drawing, said, at: null, whole: null };
  const close = () => {
    dark.removeEventListener("change", repaint);
    Plotly.purge(plot);
    panel.remove();
    figure.classList.remove("figure--exploring");
    opener.focus();
  };
  const repaint = () => Plotly.react(plot, ...kept(view, ...inked(drawing)));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const panel = make(
    "div",
    {
      class: "explore",
      onkeydown: (event) => {
        if (event.key === "Escape") {
          event.preventDefault();
          close();
        }
      },
    },
    make(
      "div",
      { class: "explore__tools", role: "group", "aria-label": given.tools },
      button(given.back, close),
      button(given.zoomIn, () => zoom(view, 1 / ZOOM)),
      button(given.zoomOut, () => zoom(view, ZOOM)),
      button(given.reset, () => zoom(view, Infinity)),
    ),
    series(view),
    make("div", { class: "explore__frame" }, plot),
    make("p", { class: "explore__hint", id: name }, given.hint),
    said,
  );
  figure.querySelector(".chart-frame").before(panel);
  figure.classList.add("figure--exploring");
  await Plotly.newPlot(plot, ...inked(drawing), {
    displayModeBar: false,
    doubleClick: "reset",
    locale: locale(),
    plotlyServerURL: "",
    responsive: true,
    scrollZoom: false,
    showTips: false,
  });
  view.whole = [...plot.layout[axis(view)].range];
  plot.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
  dark.addEventListener("change", repaint);
  plot.focus();
}

/* Give a figure's data and layout in the face and the inks of the page as it is now, light or dark; grades keep theirs. */
function inked({ data, layout }) {
  const page = getComputedStyle(document.documentElement);
  const token = (name) => page.getPropertyValue(name).trim();
  const walk = (value) => {
    if (typeof value === "string") return token(layout.meta.inks[value] ?? "") || value;
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== "object" || value.meta?.kept) return structuredClone(value);
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, key === "meta" ? structuredClone(inner) : walk(inner)]),
    );
  };
  const family = token("--sans");
  const dressed = walk(layout);
  dressed.font.family = family;
  dressed.hoverlabel.font.family = family;
  if (matchMedia("(pointer: coarse)").matches) dressed.dragmode = false; // a finger that drags scrolls the page
  return [walk(data), dressed];
}

/* Give the same with the series that are hidden and the stretch that is shown as the reader has them now. */
function kept(view, data, layout) {
  data.forEach((trace, i) => {
    trace.visible = view.plot.data[i].visible ?? true;
  });
  layout[axis(view)].range = [...view.plot.layout[axis(view)].range];
  return [data, layout];
}

/* Series on and off, where there is more than one. */
function series(view) {
  const names = new Map(view.drawing.data.map((trace) => [trace.meta.series, trace.meta.name]));
  const boxes = [...names].reverse().map(([slug, name]) =>
    make(
      "label",
      { class: "explore__series" },
      make("input", {
        type: "checkbox",
        checked: true,
        onchange: (event) => {
          const found = view.plot.data.flatMap((trace, i) => (trace.meta.series === slug ? [i] : []));
          view.Plotly.restyle(view.plot, { visible: event.target.checked }, found);
          view.at = null;
        },
      }),
      name,
    ),
  );
  return make(
    "fieldset",
    { class: "explore__all-series", hidden: names.size < 2 },
    make("legend", {}, given.series),
    ...boxes,
  );
}

/* The axis that may be zoomed: time across, or bands down. Values keep their ends, so that bars stay honest. */
function axis(view) {
  return view.drawing.layout.xaxis.fixedrange ? "yaxis" : "xaxis";
}

function zoom(view, factor) {
  const name = axis(view);
  const [first, last] = view.whole;
  const [start, end] = factor === Infinity ? view.whole : view.plot.layout[name].range;
  const low = Math.min(first, last);
  const high = Math.max(first, last);
  const length = Math.min(Math.abs(end - start) * (factor === Infinity ? 1 : factor), high - low);
  const point = view.at && factor !== Infinity ? view.at[name[0]] : (start + end) / 2;
  const from = Math.min(Math.max(point - length / 2, low), high - length);
  const closer = first < last ? [from, from + length] : [from + length, from];
  const range = length < high - low ? closer : view.whole;
  return view.Plotly.relayout(view.plot, { [`${name}.range`]: range });
}

/* Points with the arrow keys: along a line, and from line to line; along bars and cells in the order of reading. */

function points(view) {
  const found = view.plot.data.flatMap((trace, curve) => {
    const texts = trace.hovertext ?? trace.text ?? [];
    if (trace.visible === false) return [];
    return texts.flatMap((text, index) =>
      text
        ? [
            {
              curve,
              index,
              text,
              line: trace.type === "scatter" ? trace.meta.series : "",
              x: trace.base ? trace.base[index] : trace.x[index],
              y: trace.y[index],
            },
          ]
        : [],
    );
  });
  const lying = found.some((point) => !point.line);
  return found.sort((one, other) => (lying ? one.y - other.y || one.x - other.x : one.x - other.x));
}

function step(event, view) {
  const all = points(view);
  const keys = ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End"];
  if (!keys.includes(event.key) || event.ctrlKey || event.altKey || event.metaKey || !all.length) return;
  event.preventDefault();
  const lines = [...new Set(all.map((point) => point.line))];
  const now = view.at;
  let line = now?.line ?? lines.at(-1);
  let next;
  if (now && lines.length > 1 && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    const turn = event.key === "ArrowUp" ? -1 : 1;
    line = lines[(lines.indexOf(line) + turn + lines.length) % lines.length];
    const own = all.filter((point) => point.line === line);
    next = own.reduce((best, point) => (Math.abs(point.x - now.x) < Math.abs(best.x - now.x) ? point : best));
  } else {
    const own = all.filter((point) => point.line === line);
    const place = now ? own.findIndex((point) => point.curve === now.curve && point.index === now.index) : -1;
    const back = ["ArrowLeft", "ArrowUp"].includes(event.key);
    if (event.key === "Home") next = own[0];
    else if (event.key === "End" || (!now && back)) next = own.at(-1);
    else next = own[Math.min(Math.max(place + (back ? -1 : 1), 0), own.length - 1)];
  }
  view.at = next;
  view.Plotly.Fx.hover(view.plot, [{ curveNumber: next.curve, pointNumber: next.index }]);
  view.said.textContent = next.text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
