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
  const color = colour(person?.avatar_color, shown);
  node.style.backgroundColor = color;
  node.style.color = light(color) ? "#1d2327" : "#fff";
  return node;
}

function initials(name) {
  const words = name.replace(/[^\p{L}\p{N}\s]/gu, "").split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join("") || "?";
}

const PALETTE = ["#2f6f8f", "#8a5a83", "#b0643c", "#5b7553", "#7a6a9c", "#a8485a", "#4b7a78", "#8c7436"];

function colour(given, name) {
  const hex = /^#?([0-9a-f]{6})$/i.exec(given ?? "");
  if (hex) return `#${hex[1]}`;
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return PALETTE[sum % PALETTE.length];
}

function light(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return (red * 299 + green * 587 + blue * 114) / 1000 > 165;
}
