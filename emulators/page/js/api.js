/** The emulators' control path, as functions. */

/** The emulator refused; the message says why, in its own words. */
export class Refused extends Error {}

async function call(method, path, body) {
  const answer = await fetch(`_sim/${path}`, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  const told = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(told?.error ?? `HTTP ${answer.status}`);
  return told;
}

/** People, groups, time and notice. */
export const world = () => call("GET", "world");

/** What one chat shows: {bubbles, keyboard, note}. */
export const screen = (platform, chat) =>
  call("GET", `screens/${encodeURIComponent(platform)}/${encodeURIComponent(chat)}`);

/** The newest so many accepted messages, and how many came how far: {items, counts}. */
export const accepted = (last) => call("GET", `accepted?last=${last}`);

/** Somebody does something on a phone; throws Refused. */
export const gesture = (platform, name, told) =>
  call("POST", `${encodeURIComponent(platform)}/${encodeURIComponent(name)}`, told);

/** Moves everybody's time forward by so many seconds. */
export const advance = (seconds) => call("POST", "clock", { advance: seconds });

/** Lets somebody new into the world. */
export const addPerson = (human) => call("POST", "people", human);
