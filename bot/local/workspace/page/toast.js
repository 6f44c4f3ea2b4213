/** One sentence at the bottom of the page that goes away by itself. */

import { h } from "./element.js";

const SHOWN_FOR = 6000;

/** @param {string} sentence */
export function toast(sentence) {
  const place = document.getElementById("toasts");
  const node = h("p", { class: "toast" }, sentence);
  // The same complaint twice helps nobody.
  for (const shown of [...place.children]) if (shown.textContent === sentence) shown.remove();
  place.append(node);
  setTimeout(() => node.remove(), SHOWN_FOR);
}

/** Runs something and says so when it is refused. @template T @param {() => Promise<T>} work @returns {Promise<T|null>} */
export async function attempt(work) {
  try {
    return await work();
  } catch (refusal) {
    toast(refusal.message);
    return null;
  }
}
