/** The `markdown` block: the common part of standard Markdown, for text that models write. */

import { fragment, h } from "./element.js";
import { plain } from "./mrkdwn.js";
import { link } from "./link.js";

const INLINE = /(`+)(.+?)\1|\*\*(.+?)\*\*|__(.+?)__|~~(.+?)~~|(?<![\w*])[*_](?=\S)(.+?)(?<=\S)[*_](?!\w)|\[([^\]\n]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>)]+)/g;

/** @param {string} text */
export function markdown(text) {
  const lines = String(text ?? "").replaceAll("\r", "").split("\n");
  const nodes = [];
  for (let at = 0; at < lines.length; ) {
    const [node, taken] = block(lines, at);
    if (node) nodes.push(node);
    at += taken;
  }
  return h("div", { class: "markdown" }, nodes);
}

/** @returns {[Node|null, number]} the block that starts at a line, and how many lines it takes */
function block(lines, at) {
  const line = lines[at];
  if (!line.trim()) return [null, 1];
  if (/^\s*```/.test(line)) {
    let end = at + 1;
    while (end < lines.length && !/^\s*```/.test(lines[end])) end += 1;
    return [h("pre", { class: "code-block" }, h("code", {}, lines.slice(at + 1, end).join("\n"))), end - at + 1];
  }
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading) return [h("p", { class: `heading level-${heading[1].length}`, role: "heading", "aria-level": heading[1].length + 2 }, inline(heading[2])), 1];
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) return [h("hr"), 1];
  if (/^\s*\|.*\|\s*$/.test(line) && /^\s*\|[\s:|-]+\|\s*$/.test(lines[at + 1] ?? "")) return table(lines, at);
  if (/^\s*>/.test(line)) return run(lines, at, /^\s*> ?(.*)$/, (rows) => h("blockquote", {}, broken(rows)));
  if (/^\s*([-*+]|\d+[.)])\s+/.test(line)) return list(lines, at);
  return run(lines, at, /^(?!\s*$|#{1,6}\s|\s*```|\s*>|\s*(?:[-*+]|\d+[.)])\s+)(.*)$/, (rows) => h("p", {}, broken(rows)));
}

function run(lines, at, pattern, wrap) {
  const rows = [];
  for (let next = at; next < lines.length; next += 1) {
    const found = pattern.exec(lines[next]);
    if (!found) break;
    rows.push(found[1]);
  }
  // A line that no pattern takes is still shown, alone.
  return rows.length ? [wrap(rows), rows.length] : [h("p", {}, inline(lines[at])), 1];
}

function list(lines, at) {
  const item = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;
  const ordered = /\d/.test(item.exec(lines[at])[2]);
  const items = [];
  let next = at;
  for (; next < lines.length; next += 1) {
    const found = item.exec(lines[next]);
    if (!found) break;
    const task = /^\[([ xX])\]\s+(.*)$/.exec(found[3]);
    const text = task ? `${task[1] === " " ? "☐" : "☑"} ${task[2]}` : found[3];
    items.push(h("li", { class: `indent-${Math.min(4, Math.floor(found[1].length / 2))}` }, inline(text)));
  }
  return [h(ordered ? "ol" : "ul", { start: ordered ? parseInt(item.exec(lines[at])[2], 10) : null }, items), next - at];
}

function table(lines, at) {
  const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
  let end = at + 2;
  while (end < lines.length && /^\s*\|.*\|\s*$/.test(lines[end])) end += 1;
  const head = h("thead", {}, h("tr", {}, cells(lines[at]).map((cell) => h("th", {}, inline(cell)))));
  const body = h("tbody", {}, lines.slice(at + 2, end).map((line) => h("tr", {}, cells(line).map((cell) => h("td", {}, inline(cell))))));
  return [h("div", { class: "table" }, h("table", {}, head, body)), end - at];
}

const broken = (rows) => rows.map((row, at) => [at ? h("br") : null, inline(row)]);

function inline(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    nodes.push(plain(text.slice(from, found.index)));
    const [whole, , code, bold, bolder, strike, italic, label, target, url] = found;
    if (code !== undefined) nodes.push(h("code", {}, code));
    else if (bold ?? bolder) nodes.push(h("strong", {}, inline(bold ?? bolder)));
    else if (strike) nodes.push(h("s", {}, inline(strike)));
    else if (italic) nodes.push(h("em", {}, inline(italic)));
    else if (label) nodes.push(link(target, plain(label)));
    else nodes.push(link(url, url));
    from = found.index + whole.length;
  }
  nodes.push(plain(text.slice(from)));
  return fragment(nodes);
}
