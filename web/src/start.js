// Starts the page: what is asked comes from the fragment, and goes to the module that answers it.
import "./style.css";
import { byId, el, listenToControls, state } from "report";
import * as answer from "./answer.js";
import * as choice from "./choice.js";
import { compare } from "./compare.js";
import { asked, go, note, onAsk, restore } from "./fragment.js";
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

// What each question waits for.
const WAITS = { place: "the scores of the place", site: "the scores of the site", near: "what lies near", "what-if": "the scores without and with incidents", compare: "the scores of the places", route: "the scores along the route" };
const QUESTIONS = { place: answer.place, site: answer.site, near, "what-if": whatIf, compare, route: route.corridor };
let turn = null;

onAsk(async (byHand) => {
  await known;
  if (fault) {
    refused(fault, byHand);
    return;
  }
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
  waiting(WAITS[asked("ask")]);
  try {
    await question(byHand, signal);
  } catch (error) {
    if (error.name !== "AbortError" && !signal.aborted) refused(error, byHand);
  }
});

// What stands beside the question.
function beside() {
  choice.draw();
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
  say(choice.isLive() ? "Search for a site, type a coordinate, or click the map." : "Choose a site, on the map or in the table.");
  show([
    el("h2", {}, "What is the risk here?"),
    el("p", {}, "Find a site, type a coordinate, or click the map: the answer has both scores, the incidents and surroundings that make them, and what is not known."),
    el("p", {}, "Places can be compared side by side, and routes scored kilometer by kilometer. The address of this page holds what you see and the places you compare, after a # that browsers send to no server. Whoever has the link sees them."),
  ], false);
}

// What there is to choose from comes first: it tells the layers and the dates.
let fault = null;
const known = choice.load(reload).then(choice.tellNeeds, (error) => { fault = error; });

// Loads what another region, scheme or date has, and asks the open question again, unless another one follows.
function reload(isAsked, isElsewhere) {
  sites.load(map.redraw).then(() => { if (isElsewhere && !isAsked) map.home(); });
  if (isAsked || !QUESTIONS[asked("ask")]) return;
  // A site of one region is none of another.
  if (isElsewhere && asked("site")) go({});
  else restore();
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
say("Waiting for the server …");
restore();
Promise.all([get(""), known]).then(([{ title, as_of: day, scheme }]) => {
  byId("title").textContent = title;
  document.title = title;
  // Where there are several dates and schemes, these are told beside the choice of them.
  byId("under").textContent = [day && !choice.date() && `As of ${day}`, scheme && `scheme ${choice.layers().scheme || scheme}`].filter(Boolean).join(" · ");
}).catch(() => {});
// The map notes its view as soon as it is drawn, so whether the address names one is asked before.
const isFree = !asked("view") && !asked("ask");
known.then(() => (fault ? null : sites.load(map.redraw))).then(() => { if (isFree && !asked("ask")) map.home(); });
