/** A small sheet beside what opened it; a press elsewhere or Escape closes it. */

import { h } from "./element.js";

const GAP = 6;

/**
 * @param {HTMLElement} anchor
 * @param {Node[]} content
 * @param {{label: string, style?: string, onclose?: () => void}} options
 * @returns {{close: () => void}}
 */
export function openPopover(anchor, content, { label, style = "", onclose }) {
  const sheet = h("div", { class: `popover ${style}`, popover: "auto", role: "dialog", "aria-label": label }, content);
  // Inside a modal dialog everything outside it is inert, so the sheet goes where its anchor is.
  (anchor.closest("dialog") ?? document.body).append(sheet);
  anchor.setAttribute("aria-expanded", "true");
  sheet.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    anchor.setAttribute("aria-expanded", "false");
    sheet.remove();
    onclose?.();
  });
  sheet.addEventListener("keydown", (event) => walk(event, sheet));
  sheet.showPopover();
  place(anchor, sheet);
  (sheet.querySelector("[autofocus], input, button, [tabindex]") ?? sheet).focus({ preventScroll: true });
  return { close: () => sheet.isConnected && sheet.hidePopover() };
}

function place(anchor, sheet) {
  const at = anchor.getBoundingClientRect();
  const size = sheet.getBoundingClientRect();
  const below = at.bottom + GAP + size.height <= innerHeight || at.top < size.height + GAP;
  const top = below ? at.bottom + GAP : at.top - GAP - size.height;
  const left = at.left + size.width > innerWidth - GAP ? at.right - size.width : at.left;
  sheet.style.top = `${Math.max(GAP, Math.min(top, innerHeight - size.height - GAP))}px`;
  sheet.style.left = `${Math.max(GAP, Math.min(left, innerWidth - size.width - GAP))}px`;
}

function walk(event, sheet) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const stops = [...sheet.querySelectorAll("button:not([disabled]), input:not([disabled])")].filter((stop) => stop.offsetParent);
  const at = stops.indexOf(document.activeElement);
  stops[(at + step + stops.length) % stops.length]?.focus();
  event.preventDefault();
}

/**
 * A popover of choices.
 * @param {HTMLElement} anchor
 * @param {{label: Node|string, choose: () => void, style?: string, attributes?: object}[]} entries
 * @param {{label: string, style?: string}} options
 */
export function openMenu(anchor, entries, options) {
  const menu = openPopover(
    anchor,
    entries.map(({ label, choose, style = "", attributes = {} }) =>
      h("button", { type: "button", class: `menu-entry ${style}`, ...attributes, onclick: () => {
        menu.close();
        choose();
      } }, label)),
    { ...options, style: `menu ${options.style ?? ""}` },
  );
  return menu;
}
