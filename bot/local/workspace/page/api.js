/** The control API; see docs/local-workspace.md. */

/** What the server said no to, in its own sentence. */
export class Refusal extends Error {}

const UNREACHABLE = "The workspace does not answer; is it still running?";

async function answer(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Refusal(UNREACHABLE);
  }
  const body = await response.json().catch(() => null);
  if (!response.ok || body === null) throw new Refusal(body?.error ?? `The workspace answered ${response.status}.`);
  return body;
}

/** @param {string} call @param {Record<string, string|null|undefined>} [query] */
export function get(call, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  const search = new URLSearchParams(given).toString();
  return answer(fetch(`/control/${call}${search && `?${search}`}`, { cache: "no-store" }));
}

/** @param {string} call @param {object} body */
export function post(call, body) {
  return answer(
    fetch(`/control/${call}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  );
}
