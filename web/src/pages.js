// The features of a collection, page by page, with the columns that are needed.
import { get } from "./server.js";

const PAGE = 2000;
const known = new Map();

// The names of a collection's columns.
async function columns(collection, signal) {
  if (!known.has(collection)) known.set(collection, new Set(Object.keys((await get(`collections/${encodeURIComponent(collection)}/schema`, {}, signal)).properties)));
  return known.get(collection);
}

// Hands over each page of features with the number that there are in all, up to a number of them.
export async function pages(collection, { wanted, most, ...query }, signal, take) {
  const has = await columns(collection, signal);
  const names = wanted.filter((name) => has.has(name)).join(",");
  let next = `collections/${encodeURIComponent(collection)}/items?${new URLSearchParams({ ...query, ...(names ? { properties: names } : {}), limit: Math.min(PAGE, most) })}`;
  let count = 0;
  while (next) {
    const page = await get(next, {}, signal);
    count += page.features.length;
    take(page.features, page.numberMatched);
    const link = count < most && page.features.length && page.links.find((one) => one.rel === "next");
    // Whatever address the server goes by, its pages are where this page is.
    next = link ? `collections/${encodeURIComponent(collection)}/items${new URL(link.href).search}` : "";
  }
}
