/** The box one writes in: Enter sends, Shift+Enter starts a new line, @, # and / suggest. */

import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { h } from "./element.js";
import { icon } from "./icon.js";
import { openMenu } from "./popover.js";
import { attempt } from "./toast.js";
import { encode } from "./typed.js";
import { workspace } from "./workspace.js";

/** What was begun and not sent, by person, channel and thread. @type {Map<string, string>} */
const drafts = new Map();
const MOST = 6;

/**
 * @param {{channel: string, thread?: string, placeholder: string, id: string}} setting
 */
export function composer({ channel, thread, placeholder, id }) {
  const draft = `${workspace.as} ${channel} ${thread ?? ""}`;
  const box = h("textarea", { class: "composer-box", id, rows: 1, placeholder, "aria-label": placeholder, "aria-autocomplete": "list", enterkeyhint: "send" });
  const sendButton = h("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send (Enter)" }, icon("send"));
  const list = h("div", { class: "suggestions", role: "listbox", "aria-label": "Suggestions", hidden: true });
  let sending = false;

  const grow = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 200)}px`;
    sendButton.disabled = !box.value.trim();
  };
  const send = async () => {
    const text = box.value.trim();
    if (!text || sending) return;
    sending = true;
    box.value = "";
    drafts.delete(draft);
    grow();
    const posted = await attempt(() => entered(text, channel, thread));
    sending = false;
    // What could not be sent is not lost, unless something new was begun.
    if (!posted && !box.value) box.value = text;
    grow();
  };
  const suggestions = suggest(box, list, grow, id);
  box.value = drafts.get(draft) ?? "";
  box.addEventListener("input", () => {
    drafts.set(draft, box.value);
    grow();
    suggestions.look();
  });
  box.addEventListener("blur", () => setTimeout(suggestions.hide, 150));
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || suggestions.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  });
  requestAnimationFrame(grow);
  return h("form", { class: "composer", "data-composer": thread ? "thread" : "channel", onsubmit: (event) => {
    event.preventDefault();
    send();
  } }, list, shortcuts(), box, sendButton);
}

/** A slash command of the app's goes to the app, everything else is said. */
function entered(text, channel, thread) {
  const [first, ...rest] = text.split(/\s+/);
  if (workspace.commands.some((command) => command.name === first)) {
    return post("command", { as: workspace.as, channel, command: first, text: rest.join(" ") });
  }
  return post("post", { as: workspace.as, channel, text: encode(text), ...(thread && { thread_ts: thread }) });
}

/** What the app can be asked for from anywhere; nothing where it offers nothing. */
function shortcuts() {
  if (!workspace.shortcuts.length) return null;
  const node = h("button", { type: "button", class: "icon-button", "aria-label": "Shortcuts", title: "Shortcuts", "aria-haspopup": "dialog", "aria-expanded": "false", "data-shortcuts": true }, icon("bolt"));
  node.addEventListener("click", () => openMenu(node, workspace.shortcuts.map((shortcut) => ({
    label: h("span", { class: "menu-name" }, shortcut.name), attributes: { "data-shortcut": shortcut.callback_id },
    choose: () => attempt(() => post("shortcut", { as: workspace.as, callback_id: shortcut.callback_id })),
  })), { label: "Shortcuts" }));
  return node;
}

function suggest(box, list, grow, id) {
  let found = [];
  let at = 0;
  let from = 0;
  const hide = () => {
    found = [];
    list.hidden = true;
    box.removeAttribute("aria-activedescendant");
  };
  const take = (entry) => {
    box.setRangeText(`${entry.written} `, from, box.selectionStart, "end");
    hide();
    grow();
    box.focus();
  };
  const draw = () => {
    list.hidden = found.length === 0;
    if (found.length) box.setAttribute("aria-activedescendant", `${id}-option-${at}`);
    else box.removeAttribute("aria-activedescendant");
    list.replaceChildren(...found.map((entry, index) =>
      h("div", { class: "suggestion", role: "option", id: `${id}-option-${index}`, "aria-selected": String(index === at), onmousedown: (event) => {
        event.preventDefault();
        take(entry);
      } }, entry.id ? avatar(entry.id, undefined, "small") : icon(entry.written.startsWith("/") ? "bolt" : "hash"), h("span", {}, entry.label), h("span", { class: "hint" }, entry.hint))));
  };
  return {
    hide,
    look() {
      const before = box.value.slice(0, box.selectionStart);
      const typed = /(?:^|\s)([@#])([\p{L}\p{N}_.-]*)$/u.exec(before) ?? /^(\/)([\w-]*)$/.exec(before);
      if (!typed) return hide();
      from = box.selectionStart - typed[2].length - 1;
      found = candidates(typed[1], typed[2].toLowerCase());
      at = 0;
      return draw();
    },
    /** @returns {boolean} whether the key was ours */
    key(event) {
      if (!found.length) return false;
      if (event.key === "Escape") hide();
      else if (event.key === "Enter" || event.key === "Tab") {
        // A name typed out in full needs no choosing: Enter sends it.
        if (event.key === "Enter" && found[at].exact) {
          hide();
          return false;
        }
        take(found[at]);
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        at = (at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length;
        draw();
      } else return false;
      event.preventDefault();
      return true;
    },
  };
}

function candidates(sign, typed) {
  const entries = sign === "/" ? workspace.commands.map((command) => ({
    label: command.name, hint: command.hint, written: command.name, words: [command.name.slice(1)],
  })) : sign === "@"
    ? [...workspace.people.values()].map((person) => ({
      id: person.id, label: workspace.nameOf(person.id), hint: person.is_bot ? "App" : (person.title ?? ""),
      written: `@${person.is_bot ? person.name : workspace.nameOf(person.id)}`, words: [person.name, person.real_name ?? ""],
    }))
    : [...workspace.channels.values()].filter((channel) => channel.kind !== "im").map((channel) => ({
      label: channel.name, hint: channel.purpose ?? "", written: `#${channel.name}`, words: [channel.name],
    }));
  return entries
    .filter(({ words }) => words.some((word) => ` ${word.toLowerCase()}`.includes(` ${typed}`)))
    .map((entry) => ({ ...entry, exact: entry.words.some((word) => word.toLowerCase() === typed) }))
    .sort((one, other) => Number(other.exact) - Number(one.exact))
    .slice(0, MOST);
}
