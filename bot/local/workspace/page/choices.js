/** Checkboxes and radio buttons. */

import { h } from "./element.js";
import { mrkdwn, plain } from "./mrkdwn.js";

let counter = 0;

/** Drawn by controls.js, with its arguments. */
export function checkboxes(part, blockId, surface, setting) {
  return group("checkbox", part, blockId, surface, setting, "selected_options", (chosen) => chosen);
}

export function radioButtons(part, blockId, surface, setting) {
  return group("radio", part, blockId, surface, setting, "selected_option", (chosen) => chosen[0] ?? null);
}

function group(kind, part, blockId, surface, setting, key, shape) {
  const name = `choice-${(counter += 1)}`;
  const options = part.options ?? [];
  const before = surface.before(blockId, part.action_id);
  const initial = [before ? before[key] : (part.initial_options ?? part.initial_option)].flat().filter(Boolean);
  const boxes = options.map((option, at) =>
    h("input", { type: kind, name, id: at === 0 ? setting.id : null, "data-value": option.value,
      checked: initial.some((chosen) => chosen.value === option.value) }));
  const chosen = () => options.filter((_, at) => boxes[at].checked);
  surface.register(blockId, part.action_id, {
    read: () => ({ type: part.type, [key]: shape(chosen()) }),
    empty: () => chosen().length === 0,
    optional: setting.optional ?? true,
  });
  return h("div", { class: "choices", role: kind === "radio" ? "radiogroup" : "group", "aria-label": setting.label ?? null,
    onchange: () => !setting.quiet && surface.press(part, blockId, { [key]: shape(chosen()) }) },
  options.map((option, at) =>
    h("label", { class: "choice" }, boxes[at],
      h("span", {}, written(option.text), option.description ? h("span", { class: "hint" }, written(option.description)) : null))));
}

const written = (object) => (object?.type === "mrkdwn" ? mrkdwn(object.text) : plain(object?.text));
