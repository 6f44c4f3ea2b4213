/** Hears from the server that something changed, and gets back in touch by itself when it was away. */

const AGAIN = 1500;

/**
 * @param {(change: {kind: string, channel?: string, user?: string}) => void} onChange
 * @param {(there: boolean) => void} onContact false when the server went away, true when it is back
 */
export function follow(onChange, onContact) {
  let lost = false;
  const connect = () => {
    const source = new EventSource("/control/changes");
    source.onopen = () => {
      if (lost) onContact(true);
      lost = false;
    };
    source.onmessage = (event) => {
      try {
        onChange(JSON.parse(event.data));
      } catch (problem) {
        console.warn("A change that could not be read", problem);
      }
    };
    source.onerror = () => {
      if (!lost) onContact(false);
      lost = true;
      // The browser retries a broken connection by itself, but not a refused one.
      source.close();
      setTimeout(connect, AGAIN);
    };
  };
  connect();
}
