/** The main pane with a channel or a DM in it. */

import { get, post, Refusal } from "./api.js";
import { tabs } from "./apptabs.js";
import { avatar } from "./avatar.js";
import { composer } from "./composer.js";
import { fill, h } from "./element.js";
import { Feed } from "./feed.js";
import { icon } from "./icon.js";
import { members } from "./members.js";
import { attempt } from "./toast.js";
import { workspace } from "./workspace.js";

export class Conversation {
  /** @param {string} id of the channel */
  constructor(id) {
    this.id = id;
    this.header = h("div", { class: "pane-head" });
    this.foot = h("div", { class: "pane-foot" });
    this.feed = new Feed({ label: "Messages", channel: id, intro: () => this.intro() });
    this.node = h("section", { class: "pane", "data-open-channel": id }, this.header, this.feed.node, this.foot);
    this.footKind = null;
    /** Answers may overtake each other: an older one never covers a newer. */
    this.asked = 0;
    this.drawn = 0;
    this.drawFrame();
  }

  get channel() {
    return workspace.channels.get(this.id);
  }

  /** The name and the composer, drawn anew only when they change: what is being written stays. */
  drawFrame() {
    const { channel } = this;
    if (!channel) {
      fill(this.header, h("h1", { class: "pane-title" }, "Not available"));
      fill(this.foot);
      this.footKind = null;
      return;
    }
    const partner = channel.kind === "im" ? workspace.partner(channel) : null;
    const name = workspace.title(channel);
    fill(this.header,
      h("div", { class: "pane-name" },
        h("h1", { class: "pane-title" }, partner ? avatar(partner.id, undefined, "small") : icon(channel.kind === "private" ? "lock" : "hash"), h("span", {}, name)),
        h("p", { class: "pane-purpose" }, partner ? partner.title || (partner.is_bot ? "App" : "") : (channel.purpose ?? ""))),
      partner && partner === workspace.app ? tabs(partner.id, "messages") : null,
      partner ? null : members(channel));
    document.title = `${channel.kind === "public" ? "#" : ""}${name} · ${workspace.team?.name ?? "Daybook"}`;
    const kind = channel.is_archived ? "archived" : channel.is_member ? "compose" : "join";
    if (kind === this.footKind) return;
    this.footKind = kind;
    if (kind === "archived") fill(this.foot, h("div", { class: "join" }, "This channel is archived: it can be read, not written in."));
    else fill(this.foot, kind === "join" ? this.joinBar(channel) : composer({
      channel: this.id, id: "composer-main", placeholder: `Message ${channel.kind === "public" ? "#" : ""}${name}`,
    }));
  }

  joinBar(channel) {
    return h("div", { class: "join" }, h("span", {}, `You are reading #${channel.name} without being in it.`),
      h("button", { type: "button", class: "button primary", "data-join": channel.id, onclick: () =>
        attempt(() => post("member", { channel: channel.id, user: workspace.as, change: "join" })) }, "Join"));
  }

  intro() {
    const { channel } = this;
    if (!channel) return null;
    const partner = channel.kind === "im" ? workspace.partner(channel) : null;
    const text = partner
      ? `This is where ${partner.id === workspace.as ? "you write notes to yourself" : `you and ${workspace.nameOf(partner.id)} write to each other`}.`
      : channel.purpose || `Everything written in #${channel.name} stands here.`;
    return h("div", { class: "intro" },
      h("p", { class: "intro-name" }, partner ? workspace.nameOf(partner.id) : `${channel.kind === "private" ? "" : "#"}${channel.name}`), h("p", {}, text));
  }

  async refresh() {
    const turn = (this.asked += 1);
    let answer;
    try {
      answer = await get("messages", { as: workspace.as, channel: this.id });
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.refused(refusal);
      return;
    }
    if (turn < this.drawn) return;
    this.drawn = turn;
    if (!this.channel) this.refused();
    else this.feed.draw(answer.messages);
    if (this.channel) this.channel.unread = 0;
  }

  refused(refusal) {
    const who = workspace.nameOf(workspace.as);
    const sentence = this.channel ? refusal?.message : `${who} can’t read this conversation.`;
    this.feed.say(h("p", { class: "empty", "data-unreadable": true }, sentence));
  }
}
