// Questions to the server. What is secret goes into the body of a request, never into its address.
import { askToken } from "./token.js";

const root = new URL("../", import.meta.url);
let token = "";

// A refusal, in the server's words.
export class Refused extends Error {
  constructor(problem, status) {
    super([problem.detail, problem.hint].filter(Boolean).join(" – ") || `the server answered ${status}`);
    this.code = String(problem.type || "").replace(/^.*\//, "");
  }
}

export const get = (path, params, signal) => {
  const query = new URLSearchParams(params).toString();
  return ask(query ? `${path}?${query}` : path, { signal });
};
export const post = (path, params, signal) => ask(path, { method: "POST", body: new URLSearchParams(given(params)), signal });
export const postGeojson = (path, params, features, signal) => {
  const query = new URLSearchParams(given(params)).toString();
  const body = JSON.stringify({ type: "FeatureCollection", features });
  return ask(query ? `${path}?${query}` : path, { method: "POST", body, signal, headers: { "Content-Type": "application/geo+json" } });
};

// What has a value.
export const given = (params) => Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== ""));

async function ask(path, { headers, ...rest }, again = 3) {
  const own = { Accept: "application/json, application/geo+json", ...headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const shown = token;
  let answer;
  try {
    answer = await fetch(new URL(path, root), { ...rest, headers: own, credentials: "omit", cache: "no-cache" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused({ detail: "the server cannot be reached" });
  }
  if (answer.ok) return answer.json();
  if (answer.status === 401) {
    // Another question may have brought the token meanwhile.
    if (shown === token) token = await askToken(Boolean(token));
    return ask(path, { headers, ...rest }, again);
  }
  if (answer.status === 503 && answer.headers.has("Retry-After") && again > 0) {
    await new Promise((done) => { setTimeout(done, 1000 * Number(answer.headers.get("Retry-After"))); });
    return ask(path, { headers, ...rest }, again - 1);
  }
  throw new Refused(await answer.json().catch(() => ({})), answer.status);
}
