/** Text, numbers, dates and times that one types. */

import { h } from "./element.js";

const TYPES = { number_input: "number", email_text_input: "email", url_text_input: "url" };

/** Drawn by controls.js, with its arguments. */
export function textInput(part, blockId, surface, setting) {
  const before = surface.before(blockId, part.action_id);
  const rich = part.type === "rich_text_input";
  const long = part.multiline || rich;
  const node = h(long ? "textarea" : "input", {
    class: "field", id: setting.id, type: long ? null : (TYPES[part.type] ?? "text"), rows: long ? 4 : null,
    step: part.type === "number_input" ? (part.is_decimal_allowed ? "any" : 1) : null,
    minlength: part.min_length, maxlength: part.max_length, min: part.min_value, max: part.max_value,
    placeholder: part.placeholder?.text, autofocus: part.focus_on_load, "aria-label": setting.id ? null : (setting.label ?? "Text"), autocomplete: "off",
  });
  node.value = (rich ? before?.text : before?.value) ?? part.initial_value ?? "";
  if (rich && typeof node.value !== "string") node.value = "";
  const read = () => {
    const value = node.value === "" ? null : node.value;
    return rich ? { type: part.type, rich_text_value: value && asRichText(value) } : { type: part.type, value };
  };
  surface.register(blockId, part.action_id, { read, empty: () => node.value.trim() === "", optional: setting.optional ?? true });
  if (!setting.quiet) {
    const on = part.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    const press = () => surface.press(part, blockId, { value: node.value });
    if (on.includes("on_character_entered")) node.addEventListener("input", press);
    else node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || (long && event.shiftKey)) return;
      event.preventDefault();
      press();
    });
  }
  return node;
}

const asRichText = (text) => ({ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] });

const DATES = {
  datepicker: { type: "date", key: "selected_date", initial: "initial_date" },
  timepicker: { type: "time", key: "selected_time", initial: "initial_time" },
  datetimepicker: { type: "datetime-local", key: "selected_date_time", initial: "initial_date_time" },
};

/** Drawn by controls.js, with its arguments. */
export function dateInput(part, blockId, surface, setting) {
  const { type, key, initial } = DATES[part.type];
  const seconds = part.type === "datetimepicker";
  const before = surface.before(blockId, part.action_id);
  const given = before ? before[key] : part[initial];
  const node = h("input", { class: "field short", type, id: setting.id, "aria-label": setting.id ? null : (part.placeholder?.text ?? setting.label ?? type) });
  // The picker is in the browser's zone; Slack wants the instant.
  if (given) node.value = seconds ? new Date(given * 1000 - new Date(given * 1000).getTimezoneOffset() * 60000).toISOString().slice(0, 16) : given;
  const value = () => (node.value === "" ? null : seconds ? Math.round(Date.parse(node.value) / 1000) : node.value);
  surface.register(blockId, part.action_id, {
    read: () => ({ type: part.type, [key]: value() }), empty: () => value() === null, optional: setting.optional ?? true,
  });
  node.addEventListener("change", () => !setting.quiet && value() !== null && surface.press(part, blockId, { [key]: value() }));
  return node;
}
