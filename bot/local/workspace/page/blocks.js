/** Block Kit's layout blocks as DOM. */

import { h } from "./element.js";
import { element } from "./controls.js";
import { safe } from "./link.js";
import { markdown } from "./markdown.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { richText } from "./richtext.js";

/** @typedef {import("./surface.js").Surface} Surface */

/** @param {object[]} blocks @param {Surface} surface */
export function renderBlocks(blocks, surface) {
  return h("div", { class: "blocks" }, blocks.map((block, at) => whole(block, block.block_id ?? `block-${at}`, surface)));
}

function whole(block, blockId, surface) {
  const draw = BLOCKS[block.type];
  let content;
  try {
    content = draw ? draw(block, blockId, surface) : unknown(block.type);
  } catch (problem) {
    // One malformed block must not take the page with it.
    console.warn(problem);
    content = unknown(block.type);
  }
  return h("div", { class: `block ${draw ? block.type : "unknown-block"}`, "data-block-id": blockId, "data-block-type": block.type }, content);
}

const BLOCKS = {
  header: (block) => h("h3", { class: "block-header" }, plain(block.text?.text)),
  divider: () => h("hr"),
  section,
  context: (block) => h("div", { class: "context-line" }, (block.elements ?? []).map((part) => (part.type === "image" ? picture(part, "context-image") : text(part)))),
  actions: (block, blockId, surface) => h("div", { class: "actions-row" }, (block.elements ?? []).map((part) => element(part, blockId, surface))),
  context_actions: (block, blockId, surface) => h("div", { class: "actions-row quiet" }, (block.elements ?? []).map((part) => element(part, blockId, surface))),
  image: (block) => h("figure", {}, block.title ? h("figcaption", {}, plain(block.title.text)) : null, picture(block, "block-image")),
  rich_text: richText,
  markdown: (block) => markdown(block.text),
  input,
};

/** A text object. @param {{type: string, text: string}|undefined} object */
export function text(object) {
  if (!object) return null;
  return h("div", { class: "text" }, object.type === "mrkdwn" ? mrkdwn(object.text) : plain(object.text));
}

function section(block, blockId, surface) {
  const accessory = block.accessory;
  const fields = block.fields?.length ? h("div", { class: "fields" }, block.fields.map(text)) : null;
  const beside = !accessory ? null : accessory.type === "image" ? picture(accessory, "accessory-image") : element(accessory, blockId, surface);
  return [h("div", { class: "section-text" }, text(block.text), fields), beside && h("div", { class: "accessory" }, beside)];
}

function input(block, blockId, surface) {
  const label = plain(block.label?.text ?? "");
  const id = `field-${surface.target.view_id ?? surface.target.ts ?? ""}-${blockId}`;
  const field = element(block.element ?? {}, blockId, surface, {
    id, optional: Boolean(block.optional), quiet: !block.dispatch_action, label: block.label?.text,
  });
  return [
    h("label", { class: "input-label", for: id }, label, block.optional ? h("span", { class: "optional" }, " (optional)") : null),
    field,
    block.hint ? h("p", { class: "hint" }, plain(block.hint.text)) : null,
    h("p", { class: "field-error", role: "alert", "data-error-for": blockId, hidden: true }),
  ];
}

function picture(part, style) {
  const address = safe(part.image_url ?? part.slack_file?.url ?? "", ["http:", "https:"]);
  const alt = part.alt_text ?? "";
  if (!address) return h("span", { class: "unknown" }, alt || "[image]");
  return h("img", { class: style, src: address, alt, title: alt, loading: "lazy", referrerpolicy: "no-referrer" });
}

const unknown = (type) => h("p", { class: "unknown" }, `A block of the type “${type}” is not shown here.`);
