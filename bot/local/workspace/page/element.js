/**
 * Builds DOM without ever reading markup from a string: text always goes in through text nodes,
 * so whatever a person or a bot wrote stays text.
 */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] `on…` functions become listeners, `class` and `data-…` attributes;
 *   null, undefined and false are left out
 * @param {...(Node|string|number|null|undefined|false|Array)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2).toLowerCase(), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

/** @param {Node} node @param {Array} children */
export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** @param {Element} node @param {...unknown} children */
export function fill(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

/** @param {...unknown} children @returns {DocumentFragment} */
export function fragment(...children) {
  const part = document.createDocumentFragment();
  append(part, children);
  return part;
}
