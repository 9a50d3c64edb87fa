/** The time on the phones: shown, ticking, and moved forward. */

import { el, icon } from "./dom.js";
import { language, word } from "./words.js";

const FACE = new Intl.DateTimeFormat(language, {
  weekday: "short", day: "numeric", month: "short",
  hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

export class VirtualClock {
  #ahead = 0;
  #shift = 0;

  /** `move(seconds)` moves it; `ticked(now)` is called every second with Unix seconds. */
  constructor(move, ticked) {
    this.ticked = ticked;
    this.face = el("time.clock-face", { title: word("time") });
    this.badge = el("span.clock-shift", { hidden: true });
    const forward = (seconds, name) => el("button.quiet", {
      type: "button", "aria-label": word(`${name}Label`), title: word(`${name}Label`),
      click: () => move(seconds),
    }, word(name));
    this.node = el("div.clock", { role: "group", "aria-label": word("time") },
      icon("clock"), this.face, this.badge,
      forward(HOUR_SECONDS, "hour"), forward(DAY_SECONDS, "day"));
    setInterval(() => this.#tick(), 1000);
  }

  get now() {
    return Date.now() / 1000 + this.#ahead;
  }

  /** What the server says: its time now and how far that is from its machine's; Unix seconds. */
  set(now, shift) {
    this.#ahead = now - Date.now() / 1000;
    this.#shift = shift;
    this.#tick();
  }

  /** The clock was moved to this time. */
  jump(now) {
    this.set(now, this.#shift + now - this.now);
    this.node.classList.remove("jumped");
    requestAnimationFrame(() => this.node.classList.add("jumped"));
  }

  #tick() {
    this.face.textContent = FACE.format(this.now * 1000);
    const hours = Math.round(this.#shift / HOUR_SECONDS);
    this.badge.hidden = hours === 0;
    this.badge.textContent = shifted(hours);
    this.ticked(this.now);
  }
}

function shifted(hours) {
  const [d, h] = [Math.floor(Math.abs(hours) / 24), Math.abs(hours) % 24];
  return word(d ? "shift" : "shiftHours", { sign: hours < 0 ? "−" : "+", d, h });
}
