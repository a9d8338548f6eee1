// What is under the pointer.
import { byId, capital, el, many } from "report";
import { told } from "../words.js";

export function tip(event, feature) {
  const box = byId("tip");
  const [site, incident] = [feature?.get("site"), feature?.get("incident")];
  box.style.visibility = site || incident ? "visible" : "hidden";
  byId("map").style.cursor = site ? "pointer" : "";
  if (!site && !incident) return;
  box.replaceChildren(...(site
    ? [el("b", {}, site.name), el("p", {}, `Security ${told(site.security_score, site.security_band)}`), el("p", {}, `Environment ${told(site.environment_score, site.environment_band)}`)]
    : [el("b", {}, capital(incident.event_type ?? incident.id)), el("p", {}, [incident.date, incident.fatalities ? many(incident.fatalities, "death") : "", incident.location].filter(Boolean).join(", "))]));
  const [x, y] = event.pixel;
  const { clientWidth, clientHeight } = byId("map");
  box.style.transform = `translate(${Math.min(x + 14, clientWidth - box.offsetWidth - 4)}px, ${Math.min(y + 14, clientHeight - box.offsetHeight - 4)}px)`;
}
