/** Menus to choose one or several of: given options, people, channels. */

import { h } from "./element.js";
import { icon } from "./icon.js";
import { plain } from "./mrkdwn.js";
import { openPopover } from "./popover.js";
import { workspace } from "./workspace.js";

/** @typedef {{key: string, label: string, value: unknown, group?: string}} Choice */

const given = {
  initial: "initial_option", selected: "selected_option", key: (value) => value?.value,
  choices: (part) => [
    ...(part.options ?? []).map((option) => choice(option)),
    ...(part.option_groups ?? []).flatMap((group) => (group.options ?? []).map((option) => choice(option, group.label?.text))),
  ],
};
const people = {
  initial: "initial_user", selected: "selected_user", key: (value) => value,
  choices: () => byLabel([...workspace.people.values()].map((person) => ({ key: person.id, label: workspace.nameOf(person.id), value: person.id }))),
};
const channels = (conversations) => ({
  initial: conversations ? "initial_conversation" : "initial_channel",
  selected: conversations ? "selected_conversation" : "selected_channel",
  key: (value) => value,
  choices: (part) => byLabel([...workspace.channels.values()]
    .filter((channel) => (conversations ? (part.filter?.include?.includes(channel.kind) ?? true) : channel.kind === "public"))
    .map((channel) => ({ key: channel.id, label: channel.kind === "im" ? workspace.title(channel) : `#${channel.name}`, value: channel.id }))),
});
const KINDS = { static: given, users: people, channels: channels(false), conversations: channels(true) };

const choice = (option, group) => ({ key: option.value, label: option.text?.text ?? option.value, value: option, group });
const byLabel = (choices) => choices.sort((one, other) => one.label.localeCompare(other.label));
const kindOf = (part) => KINDS[part.type.replace(/^multi_/, "").replace(/_select$/, "")];

/** One of several. Drawn by controls.js, with its arguments. */
export function select(part, blockId, surface, setting) {
  const kind = kindOf(part);
  const choices = kind.choices(part);
  const before = surface.before(blockId, part.action_id);
  const initial = kind.key(before ? before[kind.selected] : part[kind.initial]);
  const node = h("select", { class: "field short", id: setting.id, "aria-label": setting.id ? null : (part.placeholder?.text ?? setting.label ?? "Choose") },
    h("option", { value: "" }, part.placeholder?.text ?? "Choose…"));
  for (const [group, members] of Map.groupBy(choices, (one) => one.group ?? "")) {
    const options = members.map((one) => h("option", { value: one.key }, plain(one.label)));
    node.append(...(group ? [h("optgroup", { label: group }, options)] : options));
  }
  node.value = initial ?? "";
  const value = () => choices.find((one) => one.key === node.value)?.value ?? null;
  surface.register(blockId, part.action_id, {
    read: () => ({ type: part.type, [kind.selected]: value() }), empty: () => value() === null, optional: setting.optional ?? true,
  });
  node.addEventListener("change", async () => {
    if (setting.quiet || value() === null) return;
    const went = await surface.press(part, blockId, { [kind.selected]: value() }, node);
    if (!went) node.value = initial ?? "";
  });
  return node;
}

/** Several of several: a button that names them, and a sheet to tick them in. */
export function multiSelect(part, blockId, surface, setting) {
  const kind = kindOf(part);
  const selected = `${kind.selected}s`;
  const choices = kind.choices(part);
  const before = surface.before(blockId, part.action_id);
  const chosen = new Set((before ? before[selected] : part[`${kind.initial}s`])?.map(kind.key) ?? []);
  const value = () => choices.filter((one) => chosen.has(one.key)).map((one) => one.value);
  const node = h("button", { type: "button", class: "field picker", id: setting.id, "aria-haspopup": "dialog", "aria-expanded": "false" });
  const show = () => {
    const labels = choices.filter((one) => chosen.has(one.key));
    node.replaceChildren(
      ...(labels.length ? labels.map((one) => h("span", { class: "chip" }, plain(one.label))) : [h("span", { class: "placeholder" }, part.placeholder?.text ?? "Choose…")]),
      icon("down"),
    );
  };
  node.addEventListener("click", () => {
    const asOpened = [...chosen].join();
    openPopover(node, sheet(choices, chosen, part.max_selected_items ?? Infinity, show), {
      label: part.placeholder?.text ?? setting.label ?? "Choose", style: "tick-list",
      onclose: () => {
        if (!setting.quiet && [...chosen].join() !== asOpened) surface.press(part, blockId, { [selected]: value() }, node);
      },
    });
  });
  surface.register(blockId, part.action_id, {
    read: () => ({ type: part.type, [selected]: value() }), empty: () => chosen.size === 0, optional: setting.optional ?? true,
  });
  show();
  return node;
}

function sheet(choices, chosen, most, show) {
  const boxes = choices.map((one) => h("input", { type: "checkbox", checked: chosen.has(one.key), "data-value": one.key, onchange: (event) => {
    if (event.target.checked) chosen.add(one.key);
    else chosen.delete(one.key);
    limit();
    show();
  } }));
  const limit = () => boxes.forEach((box) => (box.disabled = !box.checked && chosen.size >= most));
  const rows = choices.map((one, at) => h("label", { class: "choice" }, boxes[at], h("span", {}, plain(one.label))));
  limit();
  const filter = choices.length > 8
    ? h("input", { type: "search", class: "field", placeholder: "Filter", "aria-label": "Filter", oninput: (event) => {
      const wanted = event.target.value.toLowerCase();
      choices.forEach((one, at) => (rows[at].hidden = !one.label.toLowerCase().includes(wanted)));
    } })
    : null;
  return [filter, ...rows].filter(Boolean);
}
