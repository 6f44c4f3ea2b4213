/** Links: only to the web and to mail, and those into this workspace stay on the page. */

import { inside } from "./address.js";
import { h } from "./element.js";
import { workspace } from "./workspace.js";

/** @param {string} address @returns {string|null} the address if it may be opened or loaded */
export function safe(address, protocols = ["http:", "https:", "mailto:"]) {
  try {
    const url = new URL(address, location.href);
    return protocols.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** @param {string} address @param {string|Node} label @param {string} [style] */
export function link(address, label, style) {
  const href = safe(address);
  if (!href) return h("span", {}, label);
  const place = inside(href, workspace.team?.url);
  return h(
    "a",
    {
      href, class: style, rel: "noopener noreferrer", target: place ? null : "_blank",
      onclick: (event) => {
        if (!place || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        workspace.go({ ...place, as: null });
      },
    },
    label,
  );
}
