/** Interactive elements: what one presses, picks and fills in. */

import { checkboxes, radioButtons } from "./choices.js";
import { h } from "./element.js";
import { icon } from "./icon.js";
import { textInput, dateInput } from "./inputs.js";
import { link } from "./link.js";
import { plain } from "./mrkdwn.js";
import { openMenu } from "./popover.js";
import { multiSelect, select } from "./selects.js";
import { workspace } from "./workspace.js";

/**
 * @typedef {object} Setting how an element stands in its block
 * @property {string} [id] of its label's target
 * @property {string} [label]
 * @property {boolean} [optional]
 * @property {boolean} [quiet] in an input block: a change is kept for the submit, not sent at once
 */

const ELEMENTS = {
  button, overflow, feedback_buttons: feedback, icon_button: iconButton, workflow_button: button,
  static_select: select, users_select: select, conversations_select: select, channels_select: select,
  multi_static_select: multiSelect, multi_users_select: multiSelect, multi_conversations_select: multiSelect,
  multi_channels_select: multiSelect,
  plain_text_input: textInput, number_input: textInput, email_text_input: textInput, url_text_input: textInput,
  rich_text_input: textInput,
  datepicker: dateInput, timepicker: dateInput, datetimepicker: dateInput,
  checkboxes, radio_buttons: radioButtons,
};

/**
 * @param {object} part a Block Kit element
 * @param {string} blockId
 * @param {import("./surface.js").Surface} surface
 * @param {Setting} [setting]
 */
export function element(part, blockId, surface, setting = { optional: true }) {
  const draw = ELEMENTS[part.type];
  if (!draw) return h("span", { class: "unknown" }, `An element of the type “${part.type}” is not shown here.`);
  const node = draw(part, blockId, surface, setting);
  if (part.action_id) node.dataset.actionId = part.action_id;
  return node;
}

function button(part, blockId, surface) {
  const style = `button ${{ primary: "primary", danger: "danger" }[part.style] ?? ""}`;
  const press = () => surface.press(part, blockId, part.value === undefined ? {} : { value: part.value }, node);
  const label = part.accessibility_label ?? null;
  let node;
  if (part.url) {
    node = link(part.url, plain(part.text?.text), style);
    node.addEventListener("click", press);
  } else {
    node = h("button", { type: "button", class: style, onclick: press }, plain(part.text?.text));
  }
  if (label) node.setAttribute("aria-label", label);
  return node;
}

function overflow(part, blockId, surface) {
  const node = h("button", { type: "button", class: "button square", "aria-label": "More", "aria-haspopup": "dialog", "aria-expanded": "false" }, icon("more"));
  node.addEventListener("click", () =>
    openMenu(node, (part.options ?? []).map((option) => ({
      label: plain(option.text?.text),
      attributes: { "data-value": option.value },
      choose: () => {
        if (option.url) window.open(option.url, "_blank", "noopener");
        surface.press(part, blockId, { selected_option: option }, node);
      },
    })), { label: "More" }));
  return node;
}

/**
 * Which thumb stands pressed, by who pressed it and where: it stays so when the message is drawn anew.
 * @type {Map<string, string>}
 */
const thumbs = new Map();

function feedback(part, blockId, surface) {
  const { channel, ts, view_id } = surface.target;
  const key = [workspace.as, channel, ts, view_id, blockId, part.action_id].join(" ");
  const side = (choice, drawing, fallback) => {
    const label = choice?.accessibility_label ?? choice?.text?.text ?? fallback;
    const pressed = thumbs.get(key) === choice?.value;
    const node = h("button", { type: "button", class: "icon-button", title: choice?.text?.text ?? fallback, "aria-label": label, "aria-pressed": String(pressed), "data-value": choice?.value, onclick: async () => {
      if (!(await surface.press(part, blockId, { value: choice?.value }, node))) return;
      // The same one again takes it back.
      if (thumbs.get(key) === choice?.value) thumbs.delete(key);
      else thumbs.set(key, choice?.value);
      for (const other of node.parentElement.children) other.setAttribute("aria-pressed", String(other.dataset.value === thumbs.get(key)));
    } }, icon(drawing));
    return node;
  };
  return h("span", { class: "feedback", role: "group", "aria-label": "Feedback" },
    side(part.positive_button, "up", "Good"), side(part.negative_button, "thumbdown", "Bad"));
}

function iconButton(part, blockId, surface) {
  const label = part.accessibility_label ?? part.text?.text ?? part.icon;
  const node = h("button", { type: "button", class: "icon-button", title: part.text?.text ?? null, "aria-label": label,
    onclick: () => surface.press(part, blockId, part.value === undefined ? {} : { value: part.value }, node) }, icon(part.icon ?? "more"));
  if (part.visible_to_user_ids?.length && !part.visible_to_user_ids.includes(workspace.as)) node.hidden = true;
  return node;
}
