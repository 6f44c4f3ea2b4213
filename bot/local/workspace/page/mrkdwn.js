/** Slack's mrkdwn as DOM. Everything not understood stays visible as the text it is. */

import { write } from "./address.js";
import { h, fragment } from "./element.js";
import { emoji } from "./emoji.js";
import { link } from "./link.js";
import { tokens } from "./time.js";
import { workspace } from "./workspace.js";

const TAGS = { "*": "strong", _: "em", "~": "s" };
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const DEEPEST = 6;

/** @param {string} text */
export const decode = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);

/** Text without markup, but with its emoji: labels, headers, plain_text objects. @param {string} text */
export function plain(text) {
  return fragment(
    String(text ?? "").split(/(:[\w+'-]+:)/).map((part) => {
      const known = /^:[\w+'-]+:$/.test(part) ? emoji(part.slice(1, -1)) : null;
      return known ? glyph(known, part) : decode(part);
    }),
  );
}

/** @param {string} text @returns {DocumentFragment} */
export function mrkdwn(text) {
  // An odd fence is text: only pairs split.
  const parts = String(text ?? "").split(/```\n?([\s\S]+?)\n?```/);
  return fragment(
    parts.map((part, at) => (at % 2 ? h("pre", { class: "code-block" }, h("code", {}, bare(part))) : lines(part, at > 0))),
  );
}

/** Quotes and bullets are lines; the rest keeps its line breaks. */
function lines(text, afterFence) {
  const nodes = [];
  let quote = null;
  let breakBefore = false;
  const source = afterFence ? text.replace(/^\n/, "") : text;
  if (source === "") return nodes;
  for (const line of source.split("\n")) {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quoted) {
      if (!quote) nodes.push((quote = h("blockquote", {})));
      else quote.append("\n");
      quote.append(inline(quoted[1]));
      breakBefore = false;
      continue;
    }
    quote = null;
    const bullet = /^(\s*)([•◦▪▫–-]|\d{1,3}[.)])\s+(.*)$/.exec(line);
    if (bullet) {
      const depth = Math.min(3, Math.floor(bullet[1].length / 2));
      const sign = /[-–]/.test(bullet[2]) ? "•" : bullet[2];
      nodes.push(h("div", { class: `line-item depth-${depth}` }, h("span", { class: "line-sign" }, sign), h("span", {}, inline(bullet[3]))));
      breakBefore = false;
      continue;
    }
    if (breakBefore) nodes.push("\n");
    nodes.push(inline(line));
    breakBefore = true;
  }
  return nodes;
}

/** One line's inline markup. @param {string} text @param {number} [depth] @returns {DocumentFragment} */
export function inline(text, depth = 0) {
  const nodes = [];
  /** A delimiter that found no end once finds none further right either: keeps long lines linear. */
  const hopeless = new Set();
  let written = "";
  const flush = () => {
    if (written) nodes.push(written);
    written = "";
  };
  for (let at = 0; at < text.length; ) {
    const found = match(text, at, depth, hopeless);
    if (found) {
      flush();
      nodes.push(found.node);
      at += found.length;
    } else {
      written += text[at];
      at += 1;
    }
  }
  flush();
  return fragment(nodes);
}

function match(text, at, depth, hopeless) {
  const from = (pattern) => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const sign = text[at];
  let found;
  if (sign === "`" && (found = from(/`([^`\n]+)`/y))) return { node: h("code", {}, bare(found[1])), length: found[0].length };
  if (sign === "<" && (found = from(/<([^<>\n]+)>/y))) return { node: token(found[1]), length: found[0].length };
  if (sign === "&" && (found = from(/&(?:amp|lt|gt);/y))) return { node: ENTITIES[found[0]], length: found[0].length };
  if (sign === ":" && (found = from(/:([\w+'-]+(?:::skin-tone-\d)?):/y)) && emoji(found[1]))
    return { node: glyph(emoji(found[1]), found[0]), length: found[0].length };
  if (sign === "h" && !/\w/.test(text[at - 1] ?? "") && (found = from(/https?:\/\/[^\s<>|`*]+/y))) {
    const url = untailed(found[0]);
    return { node: link(decode(url), decode(url)), length: url.length };
  }
  if (TAGS[sign] && depth < DEEPEST && !hopeless.has(sign)) {
    const end = closing(text, at, sign);
    if (end === -1) hopeless.add(sign);
    else if (end) return { node: h(TAGS[sign], {}, inline(text.slice(at + 1, end), depth + 1)), length: end - at + 1 };
  }
  return null;
}

/** An address without the punctuation that ends its sentence. */
function untailed(url) {
  let end = url.length;
  for (;;) {
    if (/^&[gl]t;$/.test(url.slice(end - 4, end))) end -= 4;
    else if (end && ".,;:!?)]'\"".includes(url[end - 1])) end -= 1;
    else return url.slice(0, end);
  }
}

/** Where a formatted stretch ends: 0 when it cannot start here, -1 when no end follows. */
function closing(text, at, sign) {
  if (/[\w\d]/.test(text[at - 1] ?? "") || /[\s]|^$/.test(text[at + 1] ?? "") || text[at + 1] === sign) return 0;
  for (let end = at + 1; end < text.length; end += 1) {
    // A sign inside a link's address or inside code is not markup.
    if (text[end] === "<" || text[end] === "`") {
      const over = text.indexOf(text[end] === "<" ? ">" : "`", end + 1);
      if (over > end) end = over;
      continue;
    }
    if (text[end] === sign && end > at + 1 && !/\s/.test(text[end - 1]) && !/\w/.test(text[end + 1] ?? "")) return end;
  }
  return -1;
}

/** `<…>` in code: what it stands for, as text. */
function bare(text) {
  return decode(text.replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (whole, target, label) => {
    if (/^(https?:|mailto:)/.test(target)) return label || target;
    if (/^@[UW]/.test(target)) return `@${workspace.nameOf(target.slice(1))}`;
    return whole;
  }));
}

function token(inner) {
  const split = inner.indexOf("|");
  const [target, label] = split < 0 ? [inner, ""] : [inner.slice(0, split), inner.slice(split + 1)];
  if (/^@[UWB][A-Z0-9]+$/.test(target)) return mention(target.slice(1), decode(label));
  if (/^#[CGD][A-Z0-9]+$/.test(target)) return channelLink(target.slice(1), decode(label));
  if (/^!(here|channel|everyone)$/.test(target)) return h("span", { class: "mention loud" }, `@${target.slice(1)}`);
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, decode(label) || "@group");
  if (target.startsWith("!date^")) return date(target, decode(label));
  if (/^(https?:|mailto:)/i.test(target)) {
    return link(decode(target), label ? plain(label) : decode(target).replace(/^mailto:/i, ""));
  }
  return document.createTextNode(decode(`<${inner}>`));
}

function date(target, fallback) {
  const [, seconds, pattern, address] = target.split("^");
  const written = /^\d{1,12}$/.test(seconds ?? "") && pattern
    ? tokens(Number(seconds), decode(pattern), workspace.now(), workspace.zone)
    : fallback;
  return address ? link(decode(address), written) : h("span", { class: "date", title: fallback || null }, written);
}

/** @param {string} id @param {string} [label] */
export function mention(id, label) {
  const name = workspace.person(id) ? workspace.nameOf(id) : label?.replace(/^@/, "") || id;
  return h("span", { class: id === workspace.as ? "mention me" : "mention", "data-user": id }, `@${name}`);
}

/** @param {string} id @param {string} [label] */
export function channelLink(id, label) {
  const channel = workspace.channels.get(id);
  if (!channel) return h("span", { class: "mention" }, label ? `#${label}` : "a private channel");
  return h(
    "a",
    { class: "mention", href: write({ as: workspace.as, channel: id }), onclick: (event) => {
      event.preventDefault();
      workspace.go({ channel: id });
    } },
    channel.kind === "im" ? `@${workspace.title(channel)}` : `#${channel.name}`,
  );
}

/** @param {string} sign @param {string} code */
export const glyph = (sign, code) => h("span", { class: "emoji", role: "img", "aria-label": code.replaceAll(":", ""), title: code }, sign);
