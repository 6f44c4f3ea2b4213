/** Modals: what a bot opens over the page. The server keeps the stack, this draws it. */

import { get, post } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { fill, h } from "./element.js";
import { icon } from "./icon.js";
import { plain } from "./mrkdwn.js";
import { Surface } from "./surface.js";
import { attempt } from "./toast.js";
import { workspace } from "./workspace.js";

/** @type {Map<string, Modal>} */
const open = new Map();

/** Draws what is open for the acting person, bottom first. */
export async function refreshModals() {
  const as = workspace.as;
  const answer = await attempt(() => get("modals", { as }));
  if (!answer || as !== workspace.as) return;
  const there = new Set(answer.views.map((view) => view.id));
  for (const [id, modal] of open) if (!there.has(id)) modal.drop();
  for (const view of answer.views) {
    if (open.has(view.id)) open.get(view.id).draw(view);
    else open.set(view.id, new Modal(view));
  }
}

class Modal {
  constructor(view) {
    this.id = view.id;
    this.form = h("form", { class: "modal-form", novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      this.submit();
    } });
    this.node = h("dialog", { class: "dialog", "data-view-id": view.id, "aria-labelledby": `title-${view.id}`,
      oncancel: (event) => {
        event.preventDefault();
        this.close();
      } }, this.form);
    document.getElementById("dialogs").append(this.node);
    this.draw(view);
    this.node.showModal();
  }

  draw(view) {
    // What was entered is no change of the view: only new content is drawn.
    const key = JSON.stringify({ ...view, state: null, hash: null });
    if (key === this.key) return;
    this.key = key;
    this.surface = new Surface({ view_id: view.id }, this.surface?.values() ?? view.state?.values);
    const focused = document.activeElement?.id;
    fill(this.form,
      h("div", { class: "dialog-head" }, h("h2", { id: `title-${view.id}` }, plain(view.title?.text ?? "")),
        h("button", { type: "button", class: "icon-button", "aria-label": "Close", "data-close": true, onclick: () => this.close() }, icon("close"))),
      h("div", { class: "dialog-body" }, renderBlocks(view.blocks ?? [], this.surface)),
      h("div", { class: "dialog-foot" },
        h("button", { type: "button", class: "button", "data-cancel": true, onclick: () => this.close() }, plain(view.close?.text ?? (view.submit ? "Cancel" : "Close"))),
        view.submit ? h("button", { type: "submit", class: "button primary", "data-submit": true }, plain(view.submit.text)) : null));
    if (focused) this.form.querySelector(`#${CSS.escape(focused)}`)?.focus();
  }

  async submit() {
    this.showErrors(this.surface.gaps());
    if (this.form.querySelector(".field-error:not([hidden])")) return;
    this.form.setAttribute("aria-busy", "true");
    const answer = await attempt(() => post("submit", { as: workspace.as, view_id: this.id, state: { values: this.surface.values() } }));
    this.form.removeAttribute("aria-busy");
    if (answer?.ok === false) this.showErrors(answer.errors ?? {});
    else if (answer) await refreshModals();
  }

  /** @param {Record<string, string>} errors by block id */
  showErrors(errors) {
    let first = null;
    for (const place of this.form.querySelectorAll("[data-error-for]")) {
      const sentence = errors[place.dataset.errorFor];
      place.hidden = !sentence;
      place.textContent = sentence ?? "";
      const field = place.parentElement.querySelector(".field, input, textarea, select");
      field?.toggleAttribute("data-wrong", Boolean(sentence));
      if (sentence) {
        field?.setAttribute("aria-invalid", "true");
        first ??= field;
      } else field?.removeAttribute("aria-invalid");
    }
    first?.focus();
  }

  async close() {
    if (await attempt(() => post("close", { as: workspace.as, view_id: this.id }))) await refreshModals();
  }

  drop() {
    open.delete(this.id);
    this.node.close();
    this.node.remove();
  }
}

/** When another person acts, the first one's modals go out of sight; they stay open on the server. */
export function hideModals() {
  for (const modal of open.values()) modal.drop();
}
