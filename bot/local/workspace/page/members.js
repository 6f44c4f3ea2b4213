/** Who is in a channel, and bringing others in. */

import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { h } from "./element.js";
import { icon } from "./icon.js";
import { openPopover } from "./popover.js";
import { attempt } from "./toast.js";
import { workspace } from "./workspace.js";

/** @param {import("./workspace.js").Channel} channel */
export function members(channel) {
  const node = h("button", { type: "button", class: "members", "aria-haspopup": "dialog", "aria-expanded": "false",
    "aria-label": `${channel.members.length} members`, "data-members": channel.id },
  h("span", { class: "reply-faces" }, channel.members.slice(0, 3).map((id) => avatar(id, undefined, "small"))),
  h("span", {}, channel.members.length));
  node.addEventListener("click", () => {
    const sheet = openPopover(node, [
      h("p", { class: "menu-title" }, `In ${channel.kind === "private" ? "" : "#"}${channel.name}`),
      ...channel.members.map((id) => row(id, null)),
      ...missing(channel, () => sheet.close()),
    ], { label: "Members", style: "menu" });
  });
  return node;
}

function missing(channel, close) {
  const others = [...workspace.people.values()].filter((person) => !channel.members.includes(person.id));
  if (!channel.is_member || !others.length) return [];
  return [
    h("p", { class: "menu-title" }, "Bring in"),
    ...others.map((person) => row(person.id, () => {
      close();
      attempt(() => post("member", { channel: channel.id, user: person.id, change: "join" }));
    })),
  ];
}

function row(id, bring) {
  const person = workspace.person(id);
  const inside = [avatar(id, undefined, "small"), h("span", { class: "menu-name" }, workspace.nameOf(id)),
    h("span", { class: "hint" }, person?.is_bot ? "App" : (person?.title ?? ""))];
  if (!bring) return h("div", { class: "menu-entry still" }, inside);
  return h("button", { type: "button", class: "menu-entry", "data-bring": id, onclick: bring }, icon("plus"), inside);
}
