/** Asks before something is done: Block Kit's `confirm` objects, and the page's own questions. */

import { h } from "./element.js";
import { mrkdwn, plain } from "./mrkdwn.js";

/** @param {{title?: object, text?: object, confirm?: object, deny?: object, style?: string}} question @returns {Promise<boolean>} */
export function confirmed(question) {
  return new Promise((resolve) => {
    const text = question.text ?? {};
    const dialog = h(
      "dialog",
      { class: "dialog small", "aria-labelledby": "confirm-title", "data-confirm": true, onclose: () => {
        resolve(dialog.returnValue === "yes");
        dialog.remove();
      } },
      h("form", { method: "dialog" },
        h("h2", { id: "confirm-title" }, plain(question.title?.text ?? "Are you sure?")),
        h("div", { class: "text dialog-body" }, text.type === "mrkdwn" ? mrkdwn(text.text) : plain(text.text)),
        h("div", { class: "dialog-foot" },
          h("button", { class: "button", value: "no", "data-deny": true }, plain(question.deny?.text ?? "No")),
          h("button", { class: `button ${question.style === "danger" ? "danger solid" : "primary"}`, value: "yes", autofocus: true, "data-accept": true },
            plain(question.confirm?.text ?? "Yes")))),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
