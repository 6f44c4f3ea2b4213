/** Puts the page together: where one is, what is drawn, and what is read anew when something changes. */

import { drawActing } from "./acting.js";
import * as address from "./address.js";
import { get } from "./api.js";
import { follow } from "./changes.js";
import { clockface, refreshClock } from "./clockface.js";
import { Conversation } from "./conversation.js";
import { fill } from "./element.js";
import { Home } from "./home.js";
import { icon, mark } from "./icon.js";
import { hideModals, refreshModals } from "./modal.js";
import { drawSidebar } from "./sidebar.js";
import { Thread } from "./thread.js";
import { attempt, toast } from "./toast.js";
import { workspace } from "./workspace.js";

const at = (id) => document.getElementById(id);
const REMEMBERED = "daybook.as";
/** What stands in the main pane and in the thread pane. */
let pane = null;
let thread = null;
let showTime = () => {};

workspace.go = async (wish) => {
  const before = workspace.place;
  let place = { ...before, ts: null };
  if (wish.as && wish.as !== before.as) {
    place = { ...place, as: wish.as, thread: null };
    await become(wish.as);
    if (place.channel && !workspace.channels.has(place.channel)) place.channel = null;
    if (!place.channel && !place.app) place.channel = firstChannel();
  }
  if (wish.channel) place = { ...place, channel: wish.channel, thread: wish.thread ?? null, app: null, ts: wish.ts ?? null };
  else if (wish.app) place = { ...place, app: wish.app, channel: null, thread: null };
  else if ("thread" in wish && !wish.as) place.thread = wish.thread;
  history.pushState(null, "", address.write(place));
  drawer(false);
  await show(place);
};

/** @param {string} as */
async function become(as) {
  workspace.as = as;
  try {
    localStorage.setItem(REMEMBERED, as);
  } catch {
    // A browser that keeps nothing only forgets who was acting.
  }
  hideModals();
  // Everything drawn was drawn through another person's eyes.
  pane = thread = null;
  await attempt(() => workspace.refresh());
}

/** @param {import("./address.js").Place} place */
async function show(place) {
  workspace.place = place;
  drawFrame();
  await Promise.all([showPane(place), showThread(place)]);
  if (place.ts) pointAt(place);
  drawSidebar(at("sidebar"));
  refreshModals();
}

async function showPane({ channel, app }) {
  const wanted = app ?? channel;
  if ((pane?.id ?? pane?.app) !== wanted) {
    pane = app ? new Home(app) : new Conversation(channel);
    fill(at("main"), pane.node);
    if (matchMedia("(hover: hover)").matches) at("composer-main")?.focus({ preventScroll: true });
  }
  await pane.refresh();
}

async function showThread({ channel, thread: ts }) {
  const side = at("thread");
  side.hidden = !ts;
  at("frame").classList.toggle("with-thread", Boolean(ts));
  if (!ts) {
    thread = null;
    side.replaceChildren();
    return;
  }
  if (thread?.ts !== ts || thread.channel !== channel || thread.joined !== workspace.channels.get(channel)?.is_member) {
    thread = new Thread(channel, ts);
    fill(side, thread.node);
    if (matchMedia("(hover: hover)").matches) at("composer-thread")?.focus({ preventScroll: true });
  }
  await thread.refresh();
}

/** A permalink's message, in the channel or in its thread. */
async function pointAt(place) {
  if (!workspace.channels.has(place.channel)) {
    toast(`${workspace.nameOf(workspace.as)} can’t read the message that this link points at.`);
    return;
  }
  const inChannel = pane.feed?.point(place.ts);
  if (thread?.feed.point(place.ts) || inChannel) return;
  // A reply's link may lack its thread; the reply itself knows it.
  const { messages = [] } = (await attempt(() => get("messages", { as: place.as, channel: place.channel, thread_ts: place.ts }))) ?? {};
  const parent = messages.find((message) => message.ts === place.ts)?.thread_ts;
  if (parent && parent !== place.thread) {
    await show({ ...place, thread: parent });
    return;
  }
  toast("The message that this link points at is not there; it may have been deleted.");
}

function drawFrame() {
  at("team-name").textContent = workspace.team?.name ?? "Workspace";
  drawActing(at("acting"));
  drawSidebar(at("sidebar"));
  showTime();
}

function firstChannel() {
  const mine = [...workspace.channels.values()].filter((channel) => channel.is_member);
  const bot = workspace.team?.bot_user_id;
  const personal = mine.find((channel) => channel.kind === "private" && channel.name.startsWith("daybook-"));
  const named = mine.filter((channel) => channel.kind === "public").sort((one, other) => one.name.localeCompare(other.name));
  return (personal ?? mine.find((channel) => channel.kind === "im" && channel.members.includes(bot) && channel.last_ts)
    ?? named[0] ?? mine[0] ?? [...workspace.channels.values()][0])?.id ?? null;
}

/** Runs a reading once for a burst of changes, and never twice at a time. */
function gathered(work, wait) {
  let timer = null;
  let running = false;
  const run = async () => {
    timer = null;
    if (running) return ask();
    running = true;
    try {
      await work();
    } finally {
      running = false;
    }
  };
  const ask = () => {
    timer ??= setTimeout(run, wait);
  };
  return ask;
}

const rereadPane = gathered(() => attempt(() => pane?.refresh()), 30);
const rereadThread = gathered(() => attempt(() => thread?.refresh()), 30);
const rereadModals = gathered(refreshModals, 30);
const rereadFrame = gathered(() => attempt(async () => {
  await workspace.refresh();
  pane?.drawFrame?.();
  if (pane?.channel) pane.channel.unread = 0;
  // Joining the channel opens its thread for writing.
  if (thread && thread.joined !== workspace.channels.get(thread.channel)?.is_member) await showThread(workspace.place);
  drawFrame();
}), 120);

function onChange({ kind, channel, user }) {
  if (user && user !== workspace.as && kind !== "message" && kind !== "channel") return;
  if (kind === "clock") refreshClock().then(showTime);
  else if (kind === "modal") rereadModals();
  else if (kind === "home") pane?.app && rereadPane();
  else {
    if (!channel || channel === pane?.id) rereadPane();
    if (thread && (!channel || channel === thread.channel)) rereadThread();
    rereadFrame();
  }
}

function onContact(there) {
  const notice = at("notice");
  notice.hidden = there;
  notice.textContent = "The workspace has gone away; this page keeps trying to reach it.";
  if (!there) return;
  for (const reread of [rereadFrame, rereadPane, rereadThread, rereadModals]) reread();
}

function drawer(open) {
  at("frame").classList.toggle("drawer-open", open);
  at("scrim").hidden = !open;
  at("drawer-toggle").setAttribute("aria-expanded", String(open));
}

function furnish() {
  at("brand-mark").append(mark());
  at("drawer-toggle").append(icon("menu"));
  at("drawer-toggle").addEventListener("click", () => drawer(at("drawer-toggle").getAttribute("aria-expanded") !== "true"));
  at("scrim").addEventListener("click", () => drawer(false));
  showTime = clockface(at("clock"));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open], [popover]")) return;
    if (at("drawer-toggle").getAttribute("aria-expanded") === "true") drawer(false);
    else if (workspace.place?.thread && event.target.closest?.("#thread")) workspace.go({ thread: null });
  });
  addEventListener("popstate", arrive);
}

/** Opens what the address says. */
async function arrive() {
  const place = address.read(location);
  let remembered = null;
  try {
    remembered = localStorage.getItem(REMEMBERED);
  } catch {
    // See become().
  }
  if (!workspace.people.size) await workspace.refresh();
  const known = (id) => workspace.humans.some((person) => person.id === id);
  const as = [place.as, workspace.as, remembered].find(known) ?? workspace.humans[0]?.id ?? null;
  if (place.as && !known(place.as)) toast("The address names a person who is not in this workspace.");
  if (as !== workspace.as) await become(as);
  place.as = as;
  if (!place.channel && !place.app) place.channel = firstChannel();
  history.replaceState(null, "", address.write(place));
  await show(place);
}

async function start() {
  try {
    await arrive();
    at("notice").hidden = true;
  } catch (refusal) {
    at("notice").hidden = false;
    at("notice").textContent = refusal.message;
    setTimeout(start, 2000);
  }
}

furnish();
start();
follow(onChange, onContact);
