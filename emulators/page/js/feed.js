/** The live feed: a batch of events an animation frame, reconnected for as long as it takes. */

// With more events waiting (a tab in the background) loading anew costs less than catching up.
const BACKLOG = 5000;
const PATIENCE_MS = [500, 1000, 2000, 4000, 8000];

/**
 * Listens until the page is closed. `opened()` is called after each (re)connection and after a
 * `reload`: whatever is shown must be loaded again. `happened(events)` gets what came since the
 * last frame; `lost()` tells that the connection is away.
 */
export function listen({ opened, happened, lost }) {
  let waiting = [];
  let stale = false;
  let failures = 0;

  function flush() {
    const events = waiting;
    waiting = [];
    if (stale) opened();
    else happened(events);
    stale = false;
  }

  function take(message) {
    const event = JSON.parse(message.data);
    if (!waiting.length) requestAnimationFrame(flush);
    if (event.type === "reload" || waiting.length >= BACKLOG) stale = true;
    if (stale) waiting = [event];
    else waiting.push(event);
  }

  function connect() {
    const source = new EventSource("_sim/feed");
    source.onopen = () => {
      failures = 0;
      opened();
    };
    source.onmessage = take;
    source.onerror = () => {
      source.close();
      lost();
      const patience = PATIENCE_MS[Math.min(failures, PATIENCE_MS.length - 1)];
      failures += 1;
      setTimeout(connect, patience);
    };
  }

  connect();
}
