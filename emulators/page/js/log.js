/** A chat's messages: the last two hundred, redrawn only where something changed. */

import { entry } from "./bubble.js";
import { el, icon } from "./dom.js";
import { word } from "./words.js";

const KEPT = 200;
const NEAR_PX = 80;

export class Log {
  #bubbles = new Map();
  #nodes = new Map();
  #dirty = new Set();
  #follow = true;
  #top = 0;
  #view;

  /** `view` is what entries of `bubble.js` ask of their chat; the log adds `find` and `jump`. */
  constructor(view) {
    this.#view = { ...view, find: (id) => this.#bubbles.get(id), jump: (id) => this.#jump(id) };
    this.list = el("div.log", { role: "log", tabindex: "0", "aria-label": word("log") });
    this.below = el("button.below", {
      type: "button", hidden: true, "aria-label": word("newBelow"), title: word("newBelow"),
      click: () => this.scrollDown(),
    }, icon("chevron"));
    this.list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    const stay = () => this.#follow && this.scrollDown();
    this.list.addEventListener("load", stay, true);
    new ResizeObserver(stay).observe(this.list);
  }

  get size() {
    return this.#bubbles.size;
  }

  /** The newest message that is not of the phone's owner. */
  get lastTheirs() {
    const theirs = (bubble) => !bubble.service && !this.#view.isMine(bubble);
    return [...this.#bubbles.values()].findLast(theirs);
  }

  /** Shows another chat. */
  reset(bubbles) {
    this.#bubbles = new Map();
    this.#nodes = new Map();
    this.#dirty = new Set();
    this.list.replaceChildren();
    this.#top = 0;
    for (const bubble of bubbles.slice(-KEPT)) this.put(bubble);
    this.#follow = true;
    this.render();
  }

  /** Takes a new message, or a known one again; drawn by the next `render`. */
  put(bubble) {
    this.#bubbles.set(bubble.id, bubble);
    this.#dirty.add(bubble.id);
    if (this.#bubbles.size > KEPT) {
      this.#drop(this.#first);
      this.#dirty.add(this.#first); // the topmost message always shows its day
    }
  }

  /** Takes a changed message; one that left the log long ago stays away. */
  change(bubble) {
    if (this.#bubbles.has(bubble.id)) this.put(bubble);
  }

  /** Takes a message away. */
  remove(id) {
    if (!this.#bubbles.has(id)) return;
    this.#drop(id);
    // What stood below it may now begin a day or a run of messages.
    this.redraw();
  }

  /** Draws everything again at the next `render`, for instance when somebody else looks. */
  redraw() {
    for (const id of this.#bubbles.keys()) this.#dirty.add(id);
  }

  /** Brings what is shown up to what is known; `fresh` lets new messages slide in. */
  render({ fresh = false } = {}) {
    if (!this.#dirty.size) return;
    let previous = null;
    for (const bubble of this.#bubbles.values()) {
      if (this.#dirty.has(bubble.id)) this.#draw(bubble, previous, fresh);
      previous = bubble;
    }
    this.#dirty.clear();
    if (this.#follow) this.scrollDown();
    else this.below.hidden = false;
  }

  /** The next message is followed, wherever somebody had scrolled: they wrote it themselves. */
  follow() {
    this.#follow = true;
  }

  /** Shows the newest message. */
  scrollDown() {
    this.#follow = true;
    this.below.hidden = true;
    this.list.scrollTop = this.list.scrollHeight;
  }

  get #first() {
    return this.#bubbles.keys().next().value;
  }

  #draw(bubble, previous, fresh) {
    const node = entry(bubble, previous, this.#view);
    const old = this.#nodes.get(bubble.id);
    this.#nodes.set(bubble.id, node);
    if (!old) {
      node.classList.toggle("fresh", fresh);
      this.list.append(node);
      return;
    }
    const focused = old.contains(document.activeElement) && document.activeElement.dataset.key;
    old.replaceWith(node);
    if (focused) node.querySelector(`[data-key="${focused}"]`)?.focus({ preventScroll: true });
  }

  #drop(id) {
    this.#bubbles.delete(id);
    this.#dirty.delete(id);
    this.#nodes.get(id)?.remove();
    this.#nodes.delete(id);
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.list;
    // A picture that loads makes the log longer; only who goes up wants to stay where they are.
    const near = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    this.#follow = near || (this.#follow && scrollTop >= this.#top);
    this.#top = scrollTop;
    if (this.#follow) this.below.hidden = true;
  }

  #jump(id) {
    const node = this.#nodes.get(id);
    node?.scrollIntoView({ block: "center" });
    node?.classList.remove("found");
    requestAnimationFrame(() => node?.classList.add("found"));
  }
}
