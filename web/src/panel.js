// The panel of answers and the line that says them in a sentence.
import { byId, el } from "report";

let timer = 0;

export function say(text) {
  clearTimeout(timer);
  byId("said").textContent = text;
}

// Shows an answer; `focus` moves there if a person asked for it.
export function show(parts, focus) {
  const panel = byId("panel");
  panel.replaceChildren(...parts.flat(Infinity).filter(Boolean));
  panel.scrollTop = 0;
  panel.setAttribute("aria-busy", "false");
  if (focus) {
    panel.focus({ preventScroll: true });
    // Beside the map the panel is in view already.
    if (panel.getBoundingClientRect().top > innerHeight * 0.7 || panel.getBoundingClientRect().top < 0) panel.scrollIntoView({ block: "start" });
  }
}

// Tells that an answer is on its way, if it takes long enough to notice.
export function waiting(what) {
  byId("panel").setAttribute("aria-busy", "true");
  clearTimeout(timer);
  timer = setTimeout(() => say(`Working: waiting for ${what} …`), 500);
}

export function refused(error, focus) {
  say(`No answer: ${error.message}`);
  show([el("h2", {}, "No answer"), el("p", { class: "notice" }, error.message)], focus);
}
