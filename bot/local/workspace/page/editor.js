/** Changes one's own message in place. */

import { post } from "./api.js";
import { h } from "./element.js";
import { attempt } from "./toast.js";
import { decodeTyped, encode } from "./typed.js";
import { workspace } from "./workspace.js";

/** @param {import("./message.js").Message} message @param {string} channel @param {HTMLElement} body replaced meanwhile */
export function edited(message, channel, body) {
  const before = [...body.childNodes];
  const cancel = () => body.replaceChildren(...before);
  const box = h("textarea", { class: "field", rows: 3, "aria-label": "Edit your message" });
  box.value = decodeTyped(message.text);
  const save = async () => {
    if (!box.value.trim()) return;
    if (await attempt(() => post("edit", { as: workspace.as, channel, ts: message.ts, text: encode(box.value) }))) cancel();
  };
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") cancel();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    save();
  });
  body.replaceChildren(h("div", { class: "editor" }, box,
    h("div", { class: "editor-foot" },
      h("button", { type: "button", class: "button", onclick: cancel }, "Cancel"),
      h("button", { type: "button", class: "button primary", onclick: save }, "Save"))));
  box.focus();
}
