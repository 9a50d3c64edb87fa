/** Rich text as DOM nodes: spans in UTF-16 units, bare links, and commands that can be tapped. */

import { el } from "./dom.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strike: "s", code: "code", pre: "pre",
};
const SAFE = new Set(["http:", "https:", "mailto:", "tel:"]);
// A bare link, or a command: not the middle of a word, nor the beginning of a path.
const LIVELY =
  /https?:\/\/[^\s<>"«»]+[^\s<>"«».,:;!?)\]]|(?<![^\s(«"])\/[a-z][a-z0-9_]{0,31}\b(?!\/)/gi;

/** The address when it leads nowhere harmful, else null. */
export function safeUrl(url) {
  try {
    return SAFE.has(new URL(url).protocol) ? url : null;
  } catch {
    return null;
  }
}

/** A link that opens beside this page and tells the other side nothing; plain text when unsafe. */
export function link(url, ...children) {
  const href = safeUrl(url);
  if (!href) return el("span", {}, ...children);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** Nodes for a text; `onCommand("/help")` makes commands tappable where it is given. */
export function rich(text, spans = [], onCommand = null) {
  const ordered = spans
    .map(({ offset, length, style, url }) => ({ from: offset, to: offset + length, style, url }))
    .filter(({ from, to }) => from >= 0 && from < to && to <= text.length)
    .sort((a, b) => a.from - b.from || b.to - a.to);
  return nest(text, 0, text.length, ordered, onCommand);
}

function nest(text, from, to, spans, onCommand) {
  const nodes = [];
  let at = from;
  let left = spans;
  while (left.length) {
    const [outer, ...others] = left;
    nodes.push(...plain(text.slice(at, outer.from), onCommand));
    const inside = clip(others, outer.from, outer.to);
    nodes.push(element(outer, text, nest(text, outer.from, outer.to, inside, null)));
    at = outer.to;
    left = clip(others, at, to);
  }
  nodes.push(...plain(text.slice(at, to), onCommand));
  return nodes;
}

/** What of the spans lies within [from, to): a span that crosses a border is cut there. */
function clip(spans, from, to) {
  return spans
    .map((span) => ({ ...span, from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.from < span.to);
}

function element(span, text, children) {
  if (span.style === "link") return link(span.url ?? text.slice(span.from, span.to), ...children);
  return el(TAGS[span.style] ?? "span", {}, ...children);
}

function plain(text, onCommand) {
  const nodes = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(LIVELY)) {
    if (found.startsWith("/") && !onCommand) continue;
    nodes.push(text.slice(at, index));
    nodes.push(found.startsWith("/") ? command(found, onCommand) : link(found, found));
    at = index + found.length;
  }
  nodes.push(text.slice(at));
  return nodes.filter((node) => node !== "");
}

function command(text, onCommand) {
  return el("button.command", { type: "button", click: () => onCommand(text) }, text);
}
