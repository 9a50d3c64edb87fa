/** Buttons: those under a message, the keyboard below the chat, and the sheet of a list. */

import { el, icon } from "./dom.js";
import { link } from "./rich.js";
import { word } from "./words.js";

/** The rows of buttons under a bubble; `press(bubble, row, column, key)` answers with a promise. */
export function inlineKeys(bubble, press) {
  return grid("div.keys", bubble.keys, (key, row, column) => {
    if (key.kind === "link") return linkKey(key);
    return button(key, `${row}.${column}`, () => press(bubble, row, column, key));
  });
}

/** The keyboard below a chat; `tap(row, column, key)` answers with a promise. */
export function keyboard(rows, tap) {
  return grid("div.keyboard", rows, (key, row, column) => {
    if (key.kind === "link") return linkKey(key);
    return button(key, `${row}.${column}`, () => tap(row, column, key));
  });
}

/** A sheet that offers the rows of a list; `choose(item)` gets the index, `close()` shuts it. */
export function sheet(key, choose, close) {
  const rows = key.rows.map((row, item) =>
    el("button.option", { type: "button", click: () => choose(item) },
      el("span.option-label", {}, row.label),
      row.description ? el("span.option-more", {}, row.description) : null));
  const shut = el("button.plain", {
    type: "button", "aria-label": word("close"), click: close,
  }, icon("close"));
  const beside = (event) => event.target === event.currentTarget && close();
  return el("div.sheet-cover", { click: beside },
    el("div.sheet", { role: "dialog", "aria-label": key.label },
      el("div.sheet-head", {}, el("span", {}, key.label), shut),
      el("div.options", {}, ...rows)));
}

function grid(name, rows, draw) {
  return el(name, {}, ...rows.map((keys, row) =>
    el("div.key-row", {}, ...keys.map((key, column) => draw(key, row, column)))));
}

function button(key, place, press) {
  const node = el("button.key", {
    type: "button", "data-kind": key.kind, "data-style": key.style, "data-key": place,
    click: async () => {
      if (node.getAttribute("aria-busy")) return;
      node.setAttribute("aria-busy", "true");
      await press();
      node.removeAttribute("aria-busy");
    },
  }, key.kind === "list" ? icon("list") : null, key.kind === "contact" ? icon("contact") : null,
  el("span.key-label", {}, key.label));
  return node;
}

function linkKey(key) {
  const node = link(key.url ?? "", el("span.key-label", {}, key.label), icon("link"));
  node.classList.add("key");
  node.dataset.kind = "link";
  return node;
}
