// What is asked of: the region, the scheme and the date; and the layers that go with them.
import { byId, el } from "report";
import { asked, note } from "./fragment.js";
import { get } from "./server.js";
import { say } from "./panel.js";

let choices = { live: true, needs: null, as_of: null, regions: [], schemes: [], layers: [], notes: [] };
let changed = () => {};
let timer = 0;
let playing = 0;
const still = matchMedia("(prefers-reduced-motion: reduce)");

export const isLive = () => choices.live;
export const needs = () => `Not here: ${choices.needs}.`;
export const notes = () => choices.notes;

// The layers of the region and scheme that are shown: the chosen ones, else the first.
export function layers() {
  const fits = (one) => (!asked("region") || one.region === asked("region")) && (!asked("scheme") || one.scheme === asked("scheme"));
  return choices.layers.find(fits) ?? choices.layers[0] ?? { region: "", scheme: "", sites: null, incidents: null, over_time: null, dates: [] };
}

// The date that is shown, of those that the layers have; empty if they have only one.
export function date() {
  const { dates } = layers();
  if (dates.length < 2) return "";
  return dates.includes(asked("date")) ? asked("date") : dates.at(-1);
}

// Whether the date is the one that answers have without another.
export const isNewest = () => !date() || date() === choices.as_of;

// What goes with a question on a place. The region is left to the server unless it was chosen.
export const chosen = () => ({ as_of: isNewest() ? "" : date(), region: asked("region"), scheme: asked("scheme") });
// What goes with a question on a site, which is one of the layers that are shown.
export const chosenOfSite = () => ({ ...chosen(), region: choices.regions.length > 1 ? layers().region : "" });
// Neighbors are the same under every scheme.
export const withoutScheme = ({ scheme: _, ...rest }) => rest;

export async function load(redraw) {
  changed = redraw;
  choices = await get("choices");
  byId("date").addEventListener("input", () => {
    label();
    clearTimeout(timer);
    // While the slider is drawn, nothing is asked.
    timer = setTimeout(choose, 120);
  });
  byId("play").addEventListener("click", () => play(!playing));
  still.addEventListener("change", draw);
  draw();
}

// Shows another region.
export function region(name) {
  note({ region: name });
  draw();
  changed(true, true);
}

// Draws what there is to choose from, as the fragment has it.
export function draw() {
  const { dates } = layers();
  const names = (key) => [...new Set(choices.layers.map((one) => one[key]))].filter(Boolean);
  const pick = (title, key) => (names(key).length < 2 ? "" : el("label", {}, title, el("select", { id: `choose-${key}`, onchange: (event) => {
    note({ [key]: event.target.value });
    draw();
    changed(false, key === "region");
  } }, names(key).map((name) => el("option", { value: name, selected: name === layers()[key] }, name)))));
  byId("picks").replaceChildren(...[pick("Region", "region"), pick("Scheme", "scheme")].filter(Boolean));
  byId("times").hidden = dates.length < 2;
  byId("choices").hidden = byId("times").hidden && !byId("picks").childElementCount;
  if (dates.length < 2) return;
  byId("date").max = dates.length - 1;
  byId("date").value = dates.indexOf(date());
  byId("play").hidden = still.matches;
  label();
}

function label() {
  const { dates } = layers();
  const day = dates[Number(byId("date").value)];
  byId("date").setAttribute("aria-valuetext", day);
  byId("date-shown").textContent = `${day}${day === dates.at(-1) ? ", the newest" : ""}`;
}

function choose() {
  const { dates } = layers();
  const day = dates[Number(byId("date").value)];
  if (day === date()) return;
  note({ date: day === dates.at(-1) ? "" : day });
  changed();
}

// Goes from date to date until it is stopped or the last is reached.
function play(on) {
  clearInterval(playing);
  playing = 0;
  byId("play").setAttribute("aria-pressed", String(on));
  byId("play").textContent = on ? "Stop" : "Play";
  if (!on) return;
  const slider = byId("date");
  if (slider.value === slider.max) slider.value = 0;
  say("The dates go by; Stop ends that.");
  playing = setInterval(() => {
    if (slider.value === slider.max) {
      play(false);
      return;
    }
    slider.value = Number(slider.value) + 1;
    label();
    choose();
  }, 1200);
}

// Where only layers are known, the forms tell what they need.
export function tellNeeds() {
  if (choices.live) return;
  for (const id of ["place", "compare", "routes"]) {
    const box = byId(id);
    box.querySelectorAll("input, button, select, textarea").forEach((one) => { one.disabled = true; });
    const after = box.querySelector("summary");
    const told = el("p", { class: "notice small" }, needs());
    if (after) after.after(told);
    else box.prepend(told);
  }
}
