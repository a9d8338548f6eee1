// Starts the page: what is asked comes from the fragment, and goes to the module that answers it.
import "./style.css";
import { byId, el, listenToControls, state } from "report";
import * as answer from "./answer.js";
import { compare } from "./compare.js";
import { asked, note, onAsk, restore } from "./fragment.js";
import * as map from "./map/map.js";
import { near } from "./near.js";
import { refused, say, show, waiting } from "./panel.js";
import * as place from "./place.js";
import * as places from "./places.js";
import * as route from "./route.js";
import * as search from "./search.js";
import { get } from "./server.js";
import * as sites from "./sites.js";
import { whatIf } from "./whatif.js";
import * as drawn from "./map/drawn.js";

const QUESTIONS = { place: answer.place, site: answer.site, near, "what-if": whatIf, compare, route: route.corridor };
let turn = null;

onAsk(async (byHand) => {
  turn?.abort();
  turn = new AbortController();
  const { signal } = turn;
  if (!byHand) beside();
  drawn.clear();
  sites.mark();
  const question = QUESTIONS[asked("ask")];
  if (!question) {
    welcome();
    return;
  }
  waiting();
  try {
    await question(byHand, signal);
  } catch (error) {
    if (error.name !== "AbortError" && !signal.aborted) refused(error, byHand);
  }
});

// What stands beside the question.
function beside() {
  chooseDomain(asked("score") === "environment" ? "environment" : "security");
  places.draw();
  route.fill();
  map.look(asked("view"));
}

function chooseDomain(domain) {
  state.domain = domain;
  document.body.classList.toggle("security", domain === "security");
  document.body.classList.toggle("environment", domain === "environment");
  document.querySelector(`input[name=domain][value=${domain}]`).checked = true;
}

function welcome() {
  say("Search for a site, type a coordinate, or click the map.");
  show([
    el("h2", {}, "What is the risk here?"),
    el("p", {}, "Find a site, type a coordinate, or click the map: the answer has both scores, the incidents and surroundings that make them, and what is not known."),
    el("p", {}, "Places can be compared side by side, and routes scored kilometer by kilometer. The address of this page holds what you see; the part with your places never leaves the browser."),
  ], false);
}

search.start();
place.start();
places.start();
route.start();
sites.start();
map.start();
listenToControls((domain) => {
  chooseDomain(domain);
  note({ score: domain === "security" ? "" : domain });
  sites.draw();
  map.redraw();
  if (["place", "site", "compare"].includes(asked("ask"))) QUESTIONS[asked("ask")](false, new AbortController().signal).catch(() => {});
}, map.redraw);
for (const skip of document.querySelectorAll(".skip, #map-help a")) {
  // The fragment holds the state, so a link within the page moves the focus itself.
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    const to = byId(skip.hash.slice(1));
    to.focus();
    to.scrollIntoView();
  });
}
addEventListener("popstate", restore);
restore();
get("").then(({ title, as_of: day, scheme }) => {
  byId("title").textContent = title;
  document.title = title;
  byId("under").textContent = [day && `As of ${day}`, scheme && `scheme ${scheme}`].filter(Boolean).join(" · ");
}).catch(() => {});
sites.load(map.redraw).then(map.home);
