/** Times as people read them, always in the acting person's zone. */

const DAY = 86400000;
const formats = new Map();

function format(zone, name, options) {
  const key = `${zone}|${name}`;
  if (!formats.has(key)) {
    let known;
    try {
      known = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
    } catch {
      known = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
    }
    formats.set(key, known);
  }
  return formats.get(key);
}

/** @param {string} ts Slack's `seconds.micros` @returns {Date} */
export const instant = (ts) => new Date(Number(ts) * 1000);

/** 08:30 @param {Date} when @param {string} zone */
export const clock = (when, zone) => format(zone, "clock", { hour: "2-digit", minute: "2-digit" }).format(when);

/** Fri 20 Nov @param {Date} when @param {string} zone */
export const shortDay = (when, zone) =>
  format(zone, "short", { weekday: "short", day: "numeric", month: "short" }).format(when).replace(",", "");

/** Friday, 20 November 2026, 08:30 @param {Date} when @param {string} zone */
export const full = (when, zone) => format(zone, "full", { dateStyle: "full", timeStyle: "short" }).format(when);

/** 2026-11-20: the local date, also a key to compare days by. @param {Date} when @param {string} zone */
export function dateKey(when, zone) {
  const parts = pieces(when, zone);
  return `${parts.year}-${parts.month}-${parts.day}`;
}

/** Today, Yesterday, or Friday, 20 November @param {Date} when @param {Date} now @param {string} zone */
export function dayName(when, now, zone) {
  const near = nearDay(when, now, zone);
  if (near === "today" || near === "yesterday") return near[0].toUpperCase() + near.slice(1);
  const year = pieces(when, zone).year === pieces(now, zone).year ? {} : { year: "numeric" };
  const options = { weekday: "long", day: "numeric", month: "long", ...year };
  return format(zone, `day${year.year ?? ""}`, options).format(when);
}

function nearDay(when, now, zone) {
  const distance = Math.round((Date.parse(dateKey(when, zone)) - Date.parse(dateKey(now, zone))) / DAY);
  return { [-1]: "yesterday", 0: "today", 1: "tomorrow" }[distance] ?? null;
}

function pieces(when, zone) {
  const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return Object.fromEntries(format(zone, "pieces", options).formatToParts(when).map((part) => [part.type, part.value]));
}

/** The instant at which a zone's clocks show a local time. */
function atLocal(year, month, day, hour, minute, zone) {
  const wanted = Date.UTC(year, month - 1, day, hour, minute);
  let guess = wanted;
  // Twice, since the first correction may cross a change of the clocks.
  for (let round = 0; round < 2; round += 1) {
    const shown = pieces(new Date(guess), zone);
    guess += wanted - Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute);
  }
  return new Date(guess);
}

/** The next 08:30 on a weekday: when the next briefing is due. @param {Date} now @param {string} zone */
export function nextMorning(now, zone) {
  const today = pieces(now, zone);
  for (let ahead = 0; ; ahead += 1) {
    const day = new Date(Date.UTC(today.year, today.month - 1, Number(today.day) + ahead));
    if ([0, 6].includes(day.getUTCDay())) continue;
    const morning = atLocal(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate(), 8, 30, zone);
    if (morning > now) return morning;
  }
}

/**
 * Slack's date tokens, as in `<!date^…^{date_short} at {time}|…>`.
 * @param {number} seconds @param {string} pattern @param {Date} now @param {string} zone
 */
export function tokens(seconds, pattern, now, zone) {
  const when = new Date(seconds * 1000);
  const written = (name, options) => format(zone, `token-${name}`, options).format(when);
  const date = () => written("date", { day: "numeric", month: "long", year: "numeric" });
  const short = () => written("date_short", { day: "numeric", month: "short", year: "numeric" });
  const long = () => written("date_long", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const pretty = (otherwise) => nearDay(when, now, zone) ?? otherwise();
  const known = {
    date_num: () => dateKey(when, zone),
    date, date_short: short, date_long: long, date_slash: () => dateKey(when, zone).replaceAll("-", "/"),
    date_pretty: () => pretty(date), date_short_pretty: () => pretty(short), date_long_pretty: () => pretty(long),
    time: () => clock(when, zone),
    time_secs: () => written("secs", { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    ago: () => ago(when, now),
    day_divider_pretty: () => dayName(when, now, zone),
  };
  return pattern.replace(/\{(\w+)\}/g, (token, name) => (known[name] ? known[name]() : token));
}

/** 5 minutes ago @param {Date} when @param {Date} now */
export function ago(when, now) {
  const minutes = Math.round((now - when) / 60000);
  const [amount, unit] =
    Math.abs(minutes) < 60 ? [minutes, "minute"]
      : Math.abs(minutes) < 1440 ? [Math.round(minutes / 60), "hour"]
        : [Math.round(minutes / 1440), "day"];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(-amount, unit);
}
