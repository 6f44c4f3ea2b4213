/** The right-hand pane: one thread, its parent first. */

import { get, Refusal } from "./api.js";
import { composer } from "./composer.js";
import { h } from "./element.js";
import { Feed } from "./feed.js";
import { icon } from "./icon.js";
import { workspace } from "./workspace.js";

export class Thread {
  /** @param {string} channel @param {string} ts of the parent */
  constructor(channel, ts) {
    this.channel = channel;
    this.ts = ts;
    /** Whether one could write here when it was drawn. */
    this.joined = workspace.channels.get(channel)?.is_member;
    /** Answers may overtake each other: an older one never covers a newer. */
    this.asked = 0;
    this.drawn = 0;
    this.feed = new Feed({ label: "Thread", channel, inThread: true });
    const open = workspace.channels.get(channel);
    const where = open ? (open.kind === "im" ? workspace.title(open) : `#${open.name}`) : "";
    this.node = h("section", { class: "pane", "data-open-thread": ts },
      h("div", { class: "pane-head" },
        h("div", { class: "pane-name" }, h("h2", { class: "pane-title" }, "Thread"), h("p", { class: "pane-purpose" }, where)),
        h("button", { type: "button", class: "icon-button", "aria-label": "Close thread", "data-close-thread": true, onclick: () => workspace.go({ thread: null }) }, icon("close"))),
      this.feed.node,
      h("div", { class: "pane-foot" }, open && !open.is_member
        ? h("p", { class: "join" }, `Join ${where} to reply here.`)
        : composer({ channel, thread: ts, placeholder: "Reply…", id: "composer-thread" })));
  }

  async refresh() {
    const turn = (this.asked += 1);
    try {
      const { messages } = await get("messages", { as: workspace.as, channel: this.channel, thread_ts: this.ts });
      if (turn < this.drawn) return;
      this.drawn = turn;
      this.feed.draw(messages);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.feed.say(h("p", { class: "empty", "data-unreadable": true }, refusal.message));
    }
  }
}
