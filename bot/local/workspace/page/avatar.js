/** Initials on a colour, or the book for Daybook itself. */

import { h } from "./element.js";
import { mark } from "./icon.js";
import { workspace } from "./workspace.js";

/** @param {string|null} id @param {string} [name] @param {"small"|"large"} [size] */
export function avatar(id, name, size = "large") {
  const person = workspace.person(id);
  const shown = person?.real_name || person?.name || name || "?";
  const style = `avatar ${size}${person?.is_bot || !person ? " app" : ""}`;
  if (id && id === workspace.team?.bot_user_id) return h("span", { class: `${style} own`, "aria-hidden": "true" }, mark());
  const node = h("span", { class: style, "aria-hidden": "true" }, initials(shown));
  node.style.backgroundColor = colour(id, shown);
  return node;
}

function initials(name) {
  const words = name.replace(/[^\p{L}\p{N}\s]/gu, "").split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join("") || "?";
}

/** Fourteen muted colours that bear white letters; the colours Slack gives out collide and shout. */
const PALETTE = [
  "#2f6f8f", "#a8556b", "#5b7553", "#7a6a9c", "#a85d37", "#3f7f78", "#8a5a83",
  "#7c6f3a", "#4a6d9c", "#9a5140", "#4f7d4a", "#6b5aa0", "#8c6239", "#3d7286",
];

/** Neighbours in the list of people never share a colour; strangers get one by their name. */
function colour(id, name) {
  const place = [...workspace.people.keys()].indexOf(id);
  if (place >= 0) return PALETTE[place % PALETTE.length];
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return PALETTE[sum % PALETTE.length];
}
