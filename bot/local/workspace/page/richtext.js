/** rich_text blocks: Slack's own tree of sections, lists, quotes and preformatted text. */

import { h } from "./element.js";
import { emoji } from "./emoji.js";
import { link } from "./link.js";
import { channelLink, glyph, mention } from "./mrkdwn.js";
import { tokens } from "./time.js";
import { workspace } from "./workspace.js";

/** @param {{elements?: object[]}} block */
export function richText(block) {
  return h("div", { class: "rich-text" }, (block.elements ?? []).map(part));
}

function part(element) {
  const inner = () => (element.elements ?? []).map(leaf);
  switch (element.type) {
    case "rich_text_section": return h("div", { class: "text" }, inner());
    case "rich_text_quote": return h("blockquote", {}, inner());
    case "rich_text_preformatted": return h("pre", { class: "code-block" }, h("code", {}, inner()));
    case "rich_text_list": return list(element);
    default: return h("span", { class: "unknown" }, `[${element.type}]`);
  }
}

function list(element) {
  const ordered = element.style === "ordered";
  const indent = Math.min(Number(element.indent) || 0, 4);
  return h(
    ordered ? "ol" : "ul",
    { class: `indent-${indent}`, start: ordered ? Number(element.offset ?? 0) + 1 : null },
    (element.elements ?? []).map((item) => h("li", {}, (item.elements ?? []).map(leaf))),
  );
}

function leaf(element) {
  switch (element.type) {
    case "text": return styled(element.text ?? "", element.style);
    case "link": return styled(link(element.url ?? "", element.text || element.url || ""), element.style);
    case "user": return styled(mention(element.user_id), element.style);
    case "channel": return styled(channelLink(element.channel_id), element.style);
    case "usergroup": return h("span", { class: "mention" }, "@group");
    case "broadcast": return h("span", { class: "mention loud" }, `@${element.range}`);
    case "emoji": {
      const sign = emoji(element.name ?? "");
      return sign ? glyph(sign, `:${element.name}:`) : `:${element.name}:`;
    }
    case "date": {
      const written = tokens(Number(element.timestamp), element.format ?? "{date} {time}", workspace.now(), workspace.zone);
      return element.url ? link(element.url, written) : h("span", { class: "date" }, written);
    }
    case "color": return h("code", {}, element.value ?? "");
    default: return h("span", { class: "unknown" }, `[${element.type}]`);
  }
}

function styled(content, style = {}) {
  let node = content;
  if (style.code) node = h("code", {}, node);
  if (style.strike) node = h("s", {}, node);
  if (style.italic) node = h("em", {}, node);
  if (style.bold) node = h("strong", {}, node);
  return node;
}
