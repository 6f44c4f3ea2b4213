/** A list of messages that follows what happens: draws only what changed, and stays where the reader is. */

import { fill, h } from "./element.js";
import { renderMessage } from "./message.js";
import { dateKey, dayName, instant } from "./time.js";
import { workspace } from "./workspace.js";

/** A person who speaks on within this many seconds is not introduced again. */
const BREATH = 300;
const NEAR = 80;
const PAGE = 200;

export class Feed {
  /** @param {{label: string, channel: string, inThread?: boolean, intro?: () => Node|null}} setting */
  constructor({ label, channel, inThread = false, intro = () => null }) {
    this.channel = channel;
    this.inThread = inThread;
    this.intro = intro;
    /** @type {Map<string, {key: string, node: HTMLElement}>} */
    this.drawn = new Map();
    this.shown = PAGE;
    /** @type {import("./message.js").Message[]} */
    this.messages = [];
    this.list = h("div", { class: "messages", role: "log", "aria-label": label, "aria-live": "polite", tabindex: "0" });
    this.jump = h("button", { type: "button", class: "jump", hidden: true, onclick: () => this.toEnd() }, "New messages ↓");
    this.list.addEventListener("scroll", () => {
      this.sticky = this.atEnd;
      if (this.sticky) this.jump.hidden = true;
    }, { passive: true });
    this.list.addEventListener("load", () => this.sticky && this.toEnd(), true);
    this.node = h("div", { class: "feed" }, this.list, this.jump);
    this.opened = false;
    // Images and the composer change heights after the fact; a reader at the end stays at the end.
    this.sticky = true;
    new ResizeObserver(() => this.sticky && this.toEnd()).observe(this.list);
  }

  get atEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.list;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.jump.hidden = true;
  }

  /** @param {import("./message.js").Message[]} messages oldest first */
  draw(messages) {
    const wasAtEnd = !this.opened || this.atEnd;
    const last = this.messages.at(-1)?.ts;
    const keep = this.list.scrollTop;
    this.messages = messages;
    const from = Math.max(0, messages.length - this.shown);
    const nodes = from ? [this.earlier()] : [this.intro()];
    const drawn = new Map();
    let before = null;
    for (const message of messages.slice(from)) {
      nodes.push(...this.between(before, message), this.one(message, before, drawn));
      before = message;
    }
    this.drawn = drawn;
    reconcile(this.list, nodes.filter(Boolean));
    const newest = messages.at(-1);
    const mine = newest && newest.ts !== last && newest.user === workspace.as;
    const fresh = newest && newest.ts !== last;
    if (fresh && !mine && wasAtEnd && this.tall(newest)) this.toStart(newest);
    else if (wasAtEnd || mine) this.toEnd();
    else {
      this.list.scrollTop = keep;
      if (fresh) this.jump.hidden = false;
    }
    this.sticky = this.atEnd;
    this.opened = true;
  }

  /** A message higher than the pane is read from its beginning, as a briefing is. */
  tall(message) {
    return !this.inThread && this.drawn.get(message.ts).node.offsetHeight > this.list.clientHeight - 2 * NEAR;
  }

  toStart(message) {
    const { node } = this.drawn.get(message.ts);
    this.list.scrollTop = node.offsetTop - this.list.offsetTop - NEAR / 2;
  }

  one(message, before, drawn) {
    const follows = this.goesOn(before, message);
    const key = JSON.stringify([message, follows, workspace.as]);
    const known = this.drawn.get(message.ts);
    const node = known?.key === key ? known.node : renderMessage(message, { channel: this.channel, follows, inThread: this.inThread });
    drawn.set(message.ts, { key, node });
    return node;
  }

  goesOn(before, message) {
    return Boolean(before) && before.user === message.user && before.bot_name === message.bot_name && !message.ephemeral
      && !before.ephemeral && !message.subtype && !before.subtype && Number(message.ts) - Number(before.ts) < BREATH && !(this.inThread && before === this.messages[0])
      && dateKey(instant(before.ts), workspace.zone) === dateKey(instant(message.ts), workspace.zone);
  }

  between(before, message) {
    const day = dateKey(instant(message.ts), workspace.zone);
    if (this.inThread) {
      const count = this.messages.filter((each) => !each.ephemeral).length - 1;
      return count && before && before === this.messages[0]
        ? [h("div", { class: "rule" }, h("span", {}, `${count} ${count === 1 ? "reply" : "replies"}`))] : [];
    }
    if (before && dateKey(instant(before.ts), workspace.zone) === day) return [];
    return [h("div", { class: "rule day", role: "separator", "data-day": day }, h("span", {}, dayName(instant(message.ts), workspace.now(), workspace.zone)))];
  }

  earlier() {
    return h("button", { type: "button", class: "button earlier", onclick: () => {
      const height = this.list.scrollHeight;
      this.shown += PAGE;
      this.sticky = false;
      this.draw(this.messages);
      this.list.scrollTop = this.list.scrollHeight - height;
    } }, "Show earlier messages");
  }

  /** Scrolls to a message and marks it for a while. @param {string} ts @returns {boolean} whether it is there */
  point(ts) {
    const at = this.messages.findIndex((message) => message.ts === ts);
    if (at === -1) return false;
    if (at < this.messages.length - this.shown) {
      this.shown = this.messages.length - at + 20;
      this.draw(this.messages);
    }
    const { node } = this.drawn.get(ts);
    this.sticky = false;
    for (const other of this.list.querySelectorAll(".pointed")) other.classList.remove("pointed");
    node.classList.add("pointed");
    node.scrollIntoView({ block: "center" });
    node.focus({ preventScroll: true });
    return true;
  }

  /** @param {Node} note instead of messages */
  say(note) {
    this.drawn.clear();
    fill(this.list, note);
  }
}

/** Puts the nodes in order while moving only what must move, so that focus and open menus survive. */
function reconcile(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, at) => {
    if (parent.childNodes[at] !== node) parent.insertBefore(node, parent.childNodes[at] ?? null);
  });
}
