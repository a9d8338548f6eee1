// What the page shows is in the fragment of its address, which a browser does not send: a link holds the state, and no
// server learns of the places in it.
const KEPT = ["score", "view", "places", "routes", "region", "scheme", "date"];
const state = new URLSearchParams();
const listeners = [];

export const onAsk = (listener) => listeners.push(listener);
export const asked = (name) => state.get(name) ?? "";

// Asks a question; what was asked before is gone, what stands beside it stays.
export function go(question) {
  for (const name of [...state.keys()]) if (!KEPT.includes(name)) state.delete(name);
  put(question);
  history.pushState(null, "", `#${state}`);
  tell(true);
}

// Notes what stands beside the question.
export function note(changes) {
  put(changes);
  history.replaceState(null, "", `#${state}`);
}

// Reads the address, at the start and when it changes.
export function restore() {
  const now = new URLSearchParams(location.hash.slice(1));
  for (const name of [...state.keys()]) state.delete(name);
  for (const [name, value] of now) state.set(name, value);
  tell(false);
}

function put(changes) {
  for (const [name, value] of Object.entries(changes)) {
    if (value === "" || value === null || value === undefined) state.delete(name);
    else state.set(name, value);
  }
}

// `byHand` tells whether a person asked just now.
const tell = (byHand) => listeners.forEach((listener) => listener(byHand));
