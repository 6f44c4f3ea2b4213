/** The workspace's own clock, and the buttons that move it on. */

import { get, post } from "./api.js";
import { fill, h } from "./element.js";
import { icon } from "./icon.js";
import { clock, full, nextMorning, shortDay } from "./time.js";
import { attempt } from "./toast.js";
import { workspace } from "./workspace.js";

const HOUR = 3600;
const MORNING = "08:30";

/** @param {HTMLElement} place @returns {() => void} shows the time of this moment */
export function clockface(place) {
  const day = h("span", { class: "clock-day" });
  const time = h("time", { class: "clock-time", "data-clock": true });
  const hour = h("button", { type: "button", class: "button tiny", "data-advance": "hour", title: "Move the workspace’s clock on by an hour", onclick: () => move({ advance: HOUR }, hour) }, "+1 h");
  const target = h("span", {});
  const morning = h("button", { type: "button", class: "button tiny", "data-advance": "morning", onclick: () =>
    move({ now: nextMorning(workspace.now(), workspace.zone).toISOString() }, morning) }, icon("sunrise"), target);
  fill(place, h("span", { class: "clock-face" }, day, time), hour, morning);

  const show = () => {
    const now = workspace.now();
    day.textContent = shortDay(now, workspace.zone);
    time.textContent = clock(now, workspace.zone);
    time.dateTime = now.toISOString();
    place.title = `${full(now, workspace.zone)}, ${workspace.zone}`;
    const next = nextMorning(now, workspace.zone);
    target.textContent = `${shortDay(next, workspace.zone).split(" ")[0]} ${MORNING}`;
    morning.title = `Move the clock to the next working morning: ${full(next, workspace.zone)}`;
    morning.setAttribute("aria-label", `Next morning, ${target.textContent}`);
  };
  const move = async (to, button) => {
    button.disabled = true;
    const answer = await attempt(() => post("clock", to));
    button.disabled = false;
    if (!answer) return;
    if (answer.now) workspace.setNow(answer.now);
    else await refreshClock();
    show();
  };
  setInterval(show, 1000);
  return show;
}

/** Asks the server what time it is. */
export async function refreshClock() {
  const answer = await attempt(() => get("clock"));
  if (answer) workspace.setNow(answer.now);
}
