/** The left side: the app, channels and direct messages. */

import { openDm } from "./apptabs.js";
import { avatar } from "./avatar.js";
import { fill, h } from "./element.js";
import { icon } from "./icon.js";
import { openMenu } from "./popover.js";
import { workspace } from "./workspace.js";

/** @param {HTMLElement} nav */
export function drawSidebar(nav) {
  const focused = document.activeElement?.closest?.("#sidebar [data-key]")?.dataset.key;
  const all = [...workspace.channels.values()];
  const named = all.filter((channel) => channel.kind !== "im").sort((one, other) => one.name.localeCompare(other.name));
  const dms = all.filter((channel) => channel.kind === "im" && !(channel.members.length === 2 && workspace.partner(channel) === workspace.app))
    .sort((one, other) => workspace.title(one).localeCompare(workspace.title(other)));
  const elsewhere = named.filter((channel) => !channel.is_member);
  fill(nav,
    section("Apps", [workspace.app].filter(Boolean).map(appRow)),
    section("Channels", named.filter((channel) => channel.is_member).map(channelRow)),
    elsewhere.length ? section("Other channels", elsewhere.map(channelRow)) : null,
    section("Direct messages", dms.map(dmRow), newDm()));
  if (focused) nav.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

function section(name, rows, extra = null) {
  return h("section", { class: "side-section", "aria-label": name },
    h("div", { class: "side-head" }, h("h2", {}, name), extra), h("ul", {}, rows.map((row) => h("li", {}, row))));
}

function row(key, { open, unread, quiet, attributes, onclick }, ...content) {
  return h("button", { type: "button", class: `side-row${unread && !open ? " unread" : ""}${quiet ? " quiet" : ""}`, "data-key": key,
    "aria-current": open ? "page" : null, ...attributes, onclick }, content,
  unread && !open ? h("span", { class: "unread-count", "aria-label": `${unread} unread` }, unread > 99 ? "99+" : unread) : null);
}

function channelRow(channel) {
  return row(channel.id, {
    open: workspace.place?.channel === channel.id, unread: channel.is_member ? channel.unread : 0, quiet: !channel.is_member,
    attributes: { "data-channel": channel.id, "data-kind": channel.kind }, onclick: () => workspace.go({ channel: channel.id }),
  }, icon(channel.kind === "private" ? "lock" : "hash"), h("span", { class: "side-name" }, channel.name));
}

function dmRow(channel) {
  const partner = workspace.partner(channel);
  return row(channel.id, {
    open: workspace.place?.channel === channel.id, unread: channel.unread,
    attributes: { "data-channel": channel.id, "data-kind": "im" }, onclick: () => workspace.go({ channel: channel.id }),
  }, avatar(partner?.id, undefined, "small"), h("span", { class: "side-name" }, workspace.title(channel), partner?.id === workspace.as ? h("span", { class: "hint" }, " you") : null));
}

/** An app with something new to say opens with its messages, otherwise with its Home tab. */
function appRow(app) {
  const dm = workspace.dmWith(app.id);
  const open = workspace.place?.app === app.id || Boolean(dm && workspace.place?.channel === dm.id);
  return row(app.id, {
    open, unread: dm?.unread ?? 0, attributes: { "data-app": app.id, "data-channel": dm?.id },
    onclick: () => (dm?.unread ? workspace.go({ channel: dm.id }) : workspace.go({ app: app.id })),
  }, avatar(app.id, undefined, "small"), h("span", { class: "side-name" }, workspace.nameOf(app.id)), h("span", { class: "badge" }, "APP"));
}

function newDm() {
  const node = h("button", { type: "button", class: "icon-button", "aria-label": "Write to somebody", title: "Write to somebody", "aria-expanded": "false", "data-key": "new-dm", "data-new-dm": true }, icon("plus"));
  node.addEventListener("click", () => openMenu(node, workspace.humans.map((person) => ({
    label: h("span", { class: "menu-person" }, avatar(person.id, undefined, "small"), h("span", { class: "menu-name" }, workspace.nameOf(person.id))),
    attributes: { "data-user": person.id }, choose: () => openDm(person.id),
  })), { label: "Write to" }));
  return node;
}
