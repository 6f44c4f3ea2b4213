/** One message: who, when, what, and what others made of it. */

import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { renderBlocks } from "./blocks.js";
import { confirmed } from "./confirm.js";
import { edited as editor } from "./editor.js";
import { h } from "./element.js";
import { emoji, QUICK } from "./emoji.js";
import { icon } from "./icon.js";
import { glyph, mrkdwn } from "./mrkdwn.js";
import { openMenu } from "./popover.js";
import { Surface } from "./surface.js";
import { ago, clock, full, instant } from "./time.js";
import { attempt, toast } from "./toast.js";
import { workspace } from "./workspace.js";

/**
 * @typedef {{ts: string, thread_ts?: string|null, user: string|null, bot_name?: string|null, text: string, blocks?: object[]|null,
 *   edited?: unknown, reactions?: {name: string, users: string[]}[], reply_count?: number, reply_users?: string[],
 *   latest_reply?: string, ephemeral?: boolean, permalink?: string}} Message
 */

/** Lines that the workspace writes itself. */
const SYSTEM = new Set(["channel_join", "channel_leave", "group_join", "group_leave", "channel_purpose", "channel_topic", "channel_name",
  "tombstone", "channel_archive", "channel_unarchive", "channel_convert_to_private", "channel_convert_to_public"]);

/**
 * @param {Message} message
 * @param {{channel: string, follows: boolean, inThread: boolean}} where `follows`: the same person goes on speaking
 */
export function renderMessage(message, { channel, follows, inThread }) {
  if (SYSTEM.has(message.subtype)) return systemLine(message, inThread);
  const when = instant(message.ts);
  const name = message.bot_name || workspace.nameOf(message.user);
  const time = h("time", { class: "time", datetime: when.toISOString(), title: full(when, workspace.zone) }, clock(when, workspace.zone));
  const isApp = message.bot_name || workspace.person(message.user)?.is_bot;
  const head = h("div", { class: "message-head" },
    h("span", { class: "author" }, name), isApp ? h("span", { class: "badge" }, "APP") : null, time);
  const body = h("div", { class: "message-body" }, content(message, channel));
  const article = h(
    "article",
    { class: `message${follows ? " follows" : ""}${message.ephemeral ? " ephemeral" : ""}`, "data-ts": message.ts,
      "data-user": message.user, tabindex: "-1", "aria-label": `${name}, ${clock(when, workspace.zone)}` },
    h("div", { class: "gutter" }, follows ? time.cloneNode(true) : avatar(message.user, name)),
    h("div", { class: "message-main" },
      message.subtype === "thread_broadcast" && !inThread ? h("button", { type: "button", class: "from-thread", onclick: () => workspace.go({ thread: message.thread_ts }) }, "From a thread") : null,
      message.ephemeral ? h("p", { class: "only-you" }, icon("eye"), "Only visible to you") : null,
      follows ? null : head, body, reactions(message, channel),
      !inThread && message.reply_count ? replies(message) : null),
    message.ephemeral ? null : tools(message, channel, inThread, body),
  );
  return article;
}

function systemLine(message, inThread) {
  const when = instant(message.ts);
  return h("article", { class: "message system", "data-ts": message.ts, tabindex: "-1" }, h("div", { class: "gutter" }),
    h("div", { class: "message-main" }, h("span", {}, mrkdwn(message.text)), h("time", { class: "time", datetime: when.toISOString() }, clock(when, workspace.zone)),
      !inThread && message.reply_count ? replies(message) : null));
}

/**
 * What was chosen in a message stays when the message is drawn anew, unless its blocks have changed.
 * @type {Map<string, {blocks: string, surface: Surface}>}
 */
const surfaces = new Map();

function surfaceOf(message, channel) {
  const key = `${workspace.as} ${channel} ${message.ts}`;
  const blocks = JSON.stringify(message.blocks);
  const before = surfaces.get(key);
  const surface = new Surface({ channel, ts: message.ts }, before?.blocks === blocks ? before.surface.values() : {});
  surfaces.set(key, { blocks, surface });
  return surface;
}

function content(message, channel) {
  const mark = message.edited ? h("span", { class: "edited" }, " (edited)") : null;
  if (!message.blocks?.length) return h("div", { class: "text" }, mrkdwn(message.text), mark);
  return [renderBlocks(message.blocks, surfaceOf(message, channel)), mark];
}

function reactions(message, channel) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map(({ name, users }) => {
    const mine = users.includes(workspace.as);
    const sign = emoji(name);
    return h("button", {
      type: "button", class: "reaction", "aria-pressed": String(mine), "data-reaction": name,
      title: `${users.map((id) => workspace.nameOf(id)).join(", ")} · :${name}:`,
      "aria-label": `${name}, ${users.length}`,
      onclick: () => react(message, channel, name, mine),
    }, sign ? glyph(sign, `:${name}:`) : `:${name}:`, h("span", { class: "count" }, users.length));
  }));
}

const react = (message, channel, name, remove) =>
  attempt(() => post("react", { as: workspace.as, channel, ts: message.ts, name, remove }));

function replies(message) {
  const count = message.reply_count;
  const last = message.latest_reply ? `Last reply ${ago(instant(message.latest_reply), workspace.now())}` : "View thread";
  return h("button", { type: "button", class: "replies", "data-thread": message.ts, onclick: () => workspace.go({ thread: message.ts }) },
    h("span", { class: "reply-faces" }, (message.reply_users ?? []).slice(0, 4).map((id) => avatar(id, undefined, "small"))),
    h("span", { class: "reply-count" }, `${count} ${count === 1 ? "reply" : "replies"}`),
    h("span", { class: "reply-last" }, last));
}

function tools(message, channel, inThread, body) {
  const own = message.user === workspace.as;
  const tool = (name, label, onclick) => h("button", { type: "button", class: "icon-button", title: label, "aria-label": label, "data-tool": name, onclick }, icon(name));
  return h("div", { class: "tools", role: "toolbar", "aria-label": "Message" },
    tool("smile", "Add a reaction", (event) => pickReaction(event.currentTarget, message, channel)),
    inThread ? null : tool("reply", "Reply in thread", () => workspace.go({ thread: message.ts })),
    tool("link", "Copy link", () => copy(message.permalink ?? "")),
    own ? tool("pencil", "Edit", () => editor(message, channel, body)) : null,
    own ? tool("trash", "Delete", () => remove(message, channel)) : null,
    workspace.messageShortcuts.length ? tool("more", "More actions", (event) => pickShortcut(event.currentTarget, message, channel)) : null);
}

function pickShortcut(anchor, message, channel) {
  openMenu(anchor, workspace.messageShortcuts.map(({ callback_id, name }) => ({
    label: name, attributes: { "data-shortcut": callback_id },
    choose: () => attempt(() => post("shortcut_at", { as: workspace.as, channel, ts: message.ts, callback_id })),
  })), { label: "More actions" });
}

function pickReaction(anchor, message, channel) {
  openMenu(anchor, QUICK.map((name) => ({
    label: glyph(emoji(name), `:${name}:`), attributes: { "data-emoji": name },
    choose: () => react(message, channel, name, false),
  })), { label: "Add a reaction", style: "emoji-grid" });
}

async function copy(address) {
  try {
    await navigator.clipboard.writeText(new URL(address, location.href).href);
    toast("Link copied.");
  } catch {
    toast(`The link: ${address}`);
  }
}

async function remove(message, channel) {
  const sure = await confirmed({
    title: { text: "Delete this message?" }, text: { type: "plain_text", text: "It disappears for everybody." },
    confirm: { text: "Delete" }, deny: { text: "Keep" }, style: "danger",
  });
  if (sure) await attempt(() => post("delete", { as: workspace.as, channel, ts: message.ts }));
}
