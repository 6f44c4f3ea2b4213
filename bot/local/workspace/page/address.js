/** The page's address holds what is open, so that a reload, a bookmark or a permalink brings it back. */

/**
 * @typedef {object} Place
 * @property {string|null} as the acting person
 * @property {string|null} channel
 * @property {string|null} thread ts of the thread's parent
 * @property {string|null} app user id of the bot whose Home tab is open
 * @property {string|null} ts the message that a permalink points at
 */

const PERMALINK = /^\/archives\/([A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?\/?$/;

/** @param {URL|Location} url @returns {Place} */
export function read(url) {
  const query = new URLSearchParams(url.search);
  const permalink = PERMALINK.exec(url.pathname);
  return {
    as: query.get("as"),
    channel: permalink ? permalink[1] : query.get("channel"),
    thread: query.get("thread") ?? query.get("thread_ts"),
    app: query.get("app"),
    ts: permalink && permalink[2] ? `${permalink[2]}.${permalink[3]}` : null,
  };
}

/** @param {Place} place @returns {string} */
export function write(place) {
  const query = new URLSearchParams();
  for (const name of ["as", "app", "channel", "thread"]) if (place[name]) query.set(name, place[name]);
  if (!place.ts) return `/?${query}`;
  query.delete("channel");
  query.delete("thread");
  if (place.thread) query.set("thread_ts", place.thread);
  return `/archives/${place.channel}/p${place.ts.replace(".", "")}?${query}`;
}

/**
 * The place that a link points at, when it points into this workspace.
 * @param {string} href @param {string|undefined} teamUrl
 * @returns {Place|null}
 */
export function inside(href, teamUrl) {
  let url;
  try {
    url = new URL(href, location.href);
  } catch {
    return null;
  }
  const ours = [location.origin];
  if (teamUrl) {
    try {
      ours.push(new URL(teamUrl).origin);
    } catch {
      // A team without a proper address simply has no further origin.
    }
  }
  return ours.includes(url.origin) && PERMALINK.test(url.pathname) ? read(url) : null;
}
