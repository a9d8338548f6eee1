// The legend: what shapes and colors mean.
import { WORDS, byId, capital, el, key, state, svg } from "report";
import * as choice from "../choice.js";
import * as collected from "./collected.js";
import * as incidents from "./incidents.js";
import * as marks from "./marks.js";

export function legend(load) {
  const focused = document.activeElement?.id === "incidents-shown";
  const bands = [5, 4, 3, 2, 1, 0].map((band) => el("span", {}, key(band), capital(WORDS[band])));
  const gap = el("span", {}, svg("svg", { class: "key", viewBox: "-9 -9 18 18", "aria-hidden": "true", focusable: "false" }, svg("circle", { class: "gap-ring", r: 6 }), svg("circle", { class: "gap", r: 2.6 })), "Dot inside: old, ended or partial record");
  const lines = collected.meanings().map(([word, text]) => el("span", {}, collected.sample(word), text));
  const dots = el("label", {}, el("input", { type: "checkbox", id: "incidents-shown", checked: incidents.isShown(), onchange: () => { incidents.toggle(); load(); } }), "Incidents");
  byId("legend").className = `legend ${state.domain === "security" ? "sec" : "env"}`;
  byId("legend").replaceChildren(el("i", {}, `${capital(state.domain)} score`), ...bands, ...(marks.haveGaps() ? [gap] : []), ...lines, ...(state.domain === "security" && choice.layers().incidents ? [dots] : []));
  if (focused) byId("incidents-shown")?.focus();
}
