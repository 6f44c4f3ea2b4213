/** As whom one reads and writes: the page's stand-in for signing in. */

import { avatar } from "./avatar.js";
import { fill, h } from "./element.js";
import { icon } from "./icon.js";
import { openMenu } from "./popover.js";
import { workspace } from "./workspace.js";

/** @param {HTMLElement} place */
export function drawActing(place) {
  const person = workspace.acting;
  const drawn = `${person?.id} ${workspace.humans.length}`;
  if (place.dataset.drawn === drawn) return;
  place.dataset.drawn = drawn;
  const node = h("button", { type: "button", class: "acting-button", "aria-haspopup": "dialog", "aria-expanded": "false",
    "aria-label": `Acting as ${workspace.nameOf(person?.id)}; change person`, "data-acting-as": person?.id },
  avatar(person?.id, undefined, "small"),
  h("span", { class: "acting-words" }, h("span", { class: "acting-label" }, "Acting as"), h("span", { class: "acting-name" }, workspace.nameOf(person?.id))),
  icon("down"));
  node.addEventListener("click", () => openMenu(node, workspace.humans.map((one) => ({
    label: h("span", { class: "menu-person" }, avatar(one.id, undefined, "small"),
      h("span", { class: "menu-words" }, h("span", { class: "menu-name" }, workspace.nameOf(one.id)), h("span", { class: "hint" }, one.title || (one.is_guest ? "Guest" : ""))),
      one.id === person?.id ? icon("check") : null),
    attributes: { "data-person": one.id, autofocus: one.id === person?.id }, choose: () => workspace.go({ as: one.id }),
  })), { label: "Act as", style: "people-menu" }));
  fill(place, node);
}
