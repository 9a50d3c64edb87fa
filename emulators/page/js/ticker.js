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
  #more = "";

  constructor() {
    this.list = el("ol.ticker-list", { tabindex: "0", "aria-label": word("deliveries") });
    this.empty = el("p.ticker-empty", {}, icon("pulse"), word("emptyTicker"));
    const filters = COUNTED.map((status) => this.#counter(status));
    const title = word("deliveries");
    this.node = el("section.ticker.is-empty", { "data-device": "ticker", "aria-label": title },
      el("header.ticker-head", {}, el("h2", {}, title), el("div.filters", {}, ...filters)),
      this.empty, this.list);
  }

  /** Takes an `accepted` or `status` event; drawn by the next `render`. */
  apply(event) {
    const id = `${event.platform}/${event.reference}`;
    const status = event.type === "accepted" ? "accepted" : event.status;
    if (this.#totals.has(status)) this.#totals.set(status, this.#totals.get(status) + 1);
    const { platform, to, at } = event;
    const row = this.#rows.get(id) ?? { platform, to, at, status };
    if (event.type === "accepted") row.text = event.text || event.kind;
    if (RANK.indexOf(status) >= RANK.indexOf(row.status)) row.status = status;
    if (event.why) row.why = event.why;
    this.#rows.set(id, row);
    this.#changed.add(row);
    if (this.#rows.size > KEPT) this.#drop(this.#rows.keys().next().value);
  }

  /** Brings the list and the counters up to what was told. */
  render() {
    if (!this.#changed.size) return;
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
      this.#counters.get(status).textContent = `${total}${this.#more}`;
    }
    this.node.classList.remove("is-empty");
  }

  /** Events were missed: the counters are lower bounds from now on. */
  missed() {
    this.#more = "+";
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

function draw({ platform, to, at, status, text = "", why = "" }) {
  return el("li.delivery", { "data-platform": platform, "data-status": status },
    el("time", {}, hour(at)),
    badge(platform),
    el("b.to", {}, to),
    el("span.what", {}, text),
    el("span.state", { title: why }, icon(ICONS[status] ?? "check"), word(status),
      why ? el("span.why", {}, why) : null));
}
