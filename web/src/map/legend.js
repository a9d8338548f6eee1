// The legend: what shapes and colors mean.
import { WORDS, byId, capital, el, key, state } from "report";
import * as choice from "../choice.js";
import * as incidents from "./incidents.js";

export function legend(load) {
  const focused = document.activeElement?.id === "incidents-shown";
  const bands = [5, 4, 3, 2, 1, 0].map((band) => el("span", {}, key(band), capital(WORDS[band])));
  const dots = el("label", {}, el("input", { type: "checkbox", id: "incidents-shown", checked: incidents.isShown(), onchange: () => { incidents.toggle(); load(); } }), "Incidents");
  byId("legend").className = `legend ${state.domain === "security" ? "sec" : "env"}`;
  byId("legend").replaceChildren(el("i", {}, `${capital(state.domain)} score`), ...bands, ...(state.domain === "security" && choice.layers().incidents ? [dots] : []));
  if (focused) byId("incidents-shown")?.focus();
}
