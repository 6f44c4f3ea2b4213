/** What a person types, as Slack stores it: names and channels become references, signs become entities. */

import { workspace } from "./workspace.js";

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const quote = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** @param {string} text @returns {string} */
export function encode(text) {
  return text.split(/(```[\s\S]*?```|`[^`\n]+`)/).map((part, at) => (at % 2 ? escape(part) : references(part))).join("");
}

function references(text) {
  const people = new Map();
  for (const person of workspace.people.values()) {
    for (const name of [person.name, person.real_name]) if (name) people.set(name.toLowerCase(), `<@${person.id}>`);
  }
  const channels = new Map();
  for (const channel of workspace.channels.values()) {
    if (channel.kind !== "im") channels.set(channel.name.toLowerCase(), `<#${channel.id}|${channel.name}>`);
  }
  // The longest name first: "@Ana Lima" is not "@Ana" with a surname left over.
  const any = (names) => [...names.keys()].sort((one, other) => other.length - one.length).map((name) => quote(escape(name))).join("|");
  const pattern = new RegExp(
    `(https?://[^\\s<>]+[^\\s<>.,;:!?)\\]'"])|(?<![\\w@])@(here|channel|everyone)\\b` +
    `|(?<![\\w@])@(${any(people) || "(?!)"})(?![\\w-])|(?<![\\w#])#(${any(channels) || "(?!)"})(?![\\w-])`, "giu");
  return escape(text).replace(pattern, (whole, url, group, person, channel) => {
    if (url) return `<${url}>`;
    if (group) return `<!${group.toLowerCase()}>`;
    if (person) return people.get(unescape(person).toLowerCase()) ?? whole;
    return channels.get(unescape(channel).toLowerCase()) ?? whole;
  });
}

/** The reverse, for editing. @param {string} text @returns {string} */
export function decodeTyped(text) {
  return unescape(text.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (whole, target, label) => {
    if (target.startsWith("@")) return workspace.person(target.slice(1)) ? `@${workspace.nameOf(target.slice(1))}` : whole;
    if (target.startsWith("#")) return `#${workspace.channels.get(target.slice(1))?.name ?? label ?? target.slice(1)}`;
    if (/^!(here|channel|everyone)$/.test(target)) return `@${target.slice(1)}`;
    return /^https?:/.test(target) ? target : whole;
  }));
}
