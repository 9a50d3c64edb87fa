/** Builds DOM nodes; text only ever becomes text nodes: what people write shows literally. */

const SVG = "http://www.w3.org/2000/svg";
const SPRITE = new URL("../icons.svg", import.meta.url).pathname;

/**
 * `el("button.key", {type: "button", click: handler}, "label", node)`: functions become listeners,
 * true an empty attribute, null, undefined and false nothing.
 */
export function el(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag);
  node.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(key, value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A drawing of the sprite; decoration only, the label belongs to what holds it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.classList.add("icon", `icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/** A round picture of somebody: initials on a colour that stays the same for the same name. */
export function avatar(name) {
  const initials = (name.match(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu) ?? []).slice(0, 2).join("");
  const node = el("span.avatar", { "aria-hidden": "true" }, initials.toUpperCase());
  node.style.setProperty("--hue", String(hue(name)));
  return node;
}

/** A colour's angle made from a name. */
export function hue(name) {
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 3600;
  return sum % 360;
}
