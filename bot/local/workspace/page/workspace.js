/** What the server last said about the workspace, and who is acting in it. */

import { get } from "./api.js";

/**
 * @typedef {{id: string, name: string, real_name: string, title: string, tz: string, is_bot: boolean,
 *   is_guest: boolean, avatar_color: string}} Person
 * @typedef {{id: string, name: string, kind: "public"|"private"|"im", members: string[], is_member: boolean,
 *   purpose: string, last_ts: string|null, unread: number}} Channel
 */

export const workspace = {
  /** @type {{id: string, name: string, url: string, bot_user_id: string}|null} */
  team: null,
  /** @type {Map<string, Person>} */
  people: new Map(),
  /** @type {Map<string, Channel>} */
  channels: new Map(),
  /** What the app can be called with: slash commands, and shortcuts from anywhere. @type {{name: string, hint: string}[]} */
  commands: [],
  /** @type {{callback_id: string, name: string}[]} */
  shortcuts: [],
  /** @type {string|null} */
  as: null,
  /** @type {import("./address.js").Place|null} what is open */
  place: null,
  /** What the app offers at messages. @type {{callback_id: string, name: string}[]} */
  messageShortcuts: [],
  /** How far the workspace's clock is ahead of this browser's, in milliseconds. */
  ahead: 0,

  now() {
    return new Date(Date.now() + this.ahead);
  },

  /** @returns {Person|undefined} */
  get acting() {
    return this.people.get(this.as);
  },

  get zone() {
    return this.acting?.tz || "UTC";
  },

  /** @param {string|null} id @returns {Person|undefined} */
  person(id) {
    return this.people.get(id);
  },

  /** @param {string|null|undefined} id */
  nameOf(id) {
    const person = this.people.get(id);
    return person ? person.real_name || person.name : (id ?? "Somebody");
  },

  get humans() {
    return [...this.people.values()].filter((person) => !person.is_bot && !person.is_deleted);
  },

  /** The app that is connected here; other bots are only authors. */
  get app() {
    return this.people.get(this.team?.bot_user_id);
  },

  /** The DM of the acting person with another one, if there is one. @param {string} other */
  dmWith(other) {
    const wanted = other === this.as ? [this.as] : [this.as, other];
    return [...this.channels.values()].find(
      (channel) => channel.kind === "im" && sameMembers(channel.members, wanted),
    );
  },

  /** Who a DM is with: the other one, or oneself. @param {Channel} channel */
  partner(channel) {
    return this.people.get(channel.members.find((id) => id !== this.as) ?? this.as);
  },

  /** @param {Channel} channel */
  title(channel) {
    if (channel.kind !== "im") return channel.name;
    const others = channel.members.filter((id) => id !== this.as);
    return (others.length ? others : [this.as]).map((id) => this.nameOf(id)).join(", ");
  },

  async refresh() {
    const state = await get("state", { as: this.as });
    this.team = state.team;
    this.people = new Map(state.users.map((person) => [person.id, person]));
    this.channels = new Map(state.channels.map((channel) => [channel.id, channel]));
    this.messageShortcuts = state.message_shortcuts ?? [];
    this.commands = state.commands ?? [];
    this.shortcuts = state.shortcuts ?? [];
    this.setNow(state.now);
  },

  /** @param {string} now ISO 8601, or Slack's seconds */
  setNow(now) {
    const at = Number.isNaN(Number(now)) ? Date.parse(now) : Number(now) * 1000;
    if (!Number.isNaN(at)) this.ahead = at - Date.now();
  },

  /** Opens a place; main.js gives it its meaning. @type {(place: Partial<import("./address.js").Place>) => void} */
  go: () => {},
};

function sameMembers(members, wanted) {
  return members.length === wanted.length && wanted.every((id) => members.includes(id));
}
