/** The ticker: every message the platforms accepted, newest first, and what became of it. */

import { hour } from "./bubble.js";
import { el, icon } from "./dom.js";
import { badge } from "./phone.js";
import { word } from "./words.js";

const KEPT = 200;
const RANK = ["accepted", "sent", "delivered", "read", "failed"];
const ICONS = {
  accepted: "check", sent: "check", delivered: "checks", read: "checks", failed: "alert",
};
const COUNTED = ["accepted", "delivered", "read", "failed"];

export class Ticker {
  #rows = new Map();
  #changed = new Set();
  #totals = new Map(COUNTED.map((status) => [status, 0]));
  #counters = new Map();
  #told = null;

  constructor() {
    this.list = el("ol.ticker-list", { tabindex: "0", "aria-label": word("deliveries") });
    this.empty = el("p.ticker-empty", {}, icon("pulse"), word("emptyTicker"));
    const filters = COUNTED.map((status) => this.#counter(status));
    const title = word("deliveries");
    this.node = el("section.ticker.is-empty", { "data-device": "ticker", "aria-label": title },
      el("header.ticker-head", {}, el("h2", {}, title), el("div.filters", {}, ...filters)),
      this.empty, this.list);
  }

  /** Lists the newest that `ask(number)` gives; what the feed tells meanwhile is applied on top. */
  async load(ask) {
    const told = [];
    this.#told = told;
    const before = await ask(KEPT).catch(() => null);
    if (this.#told !== told) return; // asked anew meanwhile
    this.#told = null;
    if (before) this.#reset(before);
    told.forEach((event) => this.apply(event));
    this.render();
  }

  /** Takes an `accepted` or `status` event; drawn by the next `render`. */
  apply(event) {
    if (this.#told) {
      this.#told.push(event);
    } else if (event.type === "accepted") {
      this.#count("accepted", event.count);
      this.#put(event);
    } else {
      this.#count(event.status, event.count);
      this.#advance(this.#rows.get(key(event)), event);
    }
  }

  /** Brings the list and the counters up to what was told. */
  render() {
    const fresh = [];
    for (const row of this.#changed) {
      const node = draw(row);
      if (row.node) row.node.replaceWith(node);
      else fresh.unshift(node);
      row.node = node;
    }
    this.#changed.clear();
    this.list.prepend(...fresh);
    for (const [status, total] of this.#totals) {
      this.#counters.get(status).textContent = String(total);
    }
    this.node.classList.toggle("is-empty", this.#rows.size === 0);
  }

  #reset({ items, counts }) {
    this.#rows.clear();
    this.#changed.clear();
    this.list.replaceChildren();
    for (const status of COUNTED) this.#totals.set(status, counts[status]);
    items.forEach((item) => this.#put(item));
  }

  /** Counts are told as they stand, so that hearing of something twice does no harm. */
  #count(status, count) {
    const known = this.#totals.get(status);
    if (known < count) this.#totals.set(status, count);
  }

  #put(item) {
    const id = key(item);
    const { platform, at, text, kind, status, why } = item;
    const row = this.#rows.get(id) ?? { platform, at, status, to: item.name ?? item.to };
    row.text = text || kind;
    this.#rows.set(id, row);
    this.#advance(row, { status, why });
    if (this.#rows.size > KEPT) this.#drop(this.#rows.keys().next().value);
  }

  /** A message that left the list long ago, or never stood on it, stays away. */
  #advance(row, { status, why }) {
    if (!row) return;
    if (RANK.indexOf(status) >= RANK.indexOf(row.status)) Object.assign(row, { status, why });
    this.#changed.add(row);
  }

  #drop(id) {
    const row = this.#rows.get(id);
    this.#rows.delete(id);
    this.#changed.delete(row);
    row.node?.remove();
  }

  #counter(status) {
    const number = el("b", {}, "0");
    const label = status === "accepted" ? word("showAll") : word("filter", { what: word(status) });
    this.#counters.set(status, number);
    return el("button.filter", {
      type: "button", "data-status": status, "aria-pressed": "false",
      "aria-label": label, title: label,
      click: (event) => this.#filter(event.currentTarget, status),
    }, number, word(status));
  }

  #filter(button, status) {
    const on = button.getAttribute("aria-pressed") === "false";
    for (const other of button.parentNode.children) other.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", String(on));
    if (on) this.list.dataset.only = status;
    else delete this.list.dataset.only;
  }
}

/** What names a message: some platforms number them within a chat only. */
function key({ platform, to, reference }) {
  return `${platform}/${to}/${reference}`;
}

function draw({ platform, to, at, status, text = "", why = "" }) {
  return el("li.delivery", { "data-platform": platform, "data-status": status },
    el("time", {}, hour(at)),
    badge(platform),
    el("b.to", {}, to),
    el("span.what", {}, text),
    el("span.state", { title: why }, icon(ICONS[status] ?? "check"), word(status),
      why ? el("span.why", {}, why) : null));
}
