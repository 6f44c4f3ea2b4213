/** An app's two faces: its Home tab, and the messages with it. */

import { post } from "./api.js";
import { h } from "./element.js";
import { icon } from "./icon.js";
import { attempt } from "./toast.js";
import { workspace } from "./workspace.js";

/** @param {string} app user id of the bot @param {"home"|"messages"} open */
export function tabs(app, open) {
  const tab = (name, drawing, label, onclick) =>
    h("button", { type: "button", class: "tab", "data-tab": name, "aria-current": open === name ? "page" : null, onclick }, icon(drawing), label);
  return h("div", { class: "tabs", role: "group", "aria-label": "Views of this app" },
    tab("home", "home", "Home", () => workspace.go({ app })),
    tab("messages", "message", "Messages", () => openDm(app)));
}

/** @param {string} other */
export async function openDm(other) {
  const known = workspace.dmWith(other);
  const channel = known?.id ?? (await attempt(() => post("open_dm", { as: workspace.as, user: other })))?.channel;
  if (!channel) return;
  if (!known) await attempt(() => workspace.refresh());
  workspace.go({ channel });
}
