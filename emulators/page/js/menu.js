/** The small menu of a phone: what its owner can do besides writing. */

import { disclosure } from "./disclosure.js";
import { el, icon } from "./dom.js";
import { word } from "./words.js";

/**
 * The menu button and its panel. `rows` are those of brands.js: a doing alone is a plain item,
 * two that belong together stand side by side under their title. `act(doing)` does it.
 */
export function menu(rows, act) {
  const button = el("button.plain.menu-button", {
    type: "button", "aria-haspopup": "true", "aria-label": word("menu"), title: word("menu"),
  }, icon("more"));
  const panel = el("div.menu", { role: "group", "aria-label": word("menu") });
  const { close } = disclosure(button, panel);
  const item = (doing) => el("button.menu-item", {
    type: "button", "data-doing": doing,
    click: () => {
      close();
      button.focus();
      act(doing);
    },
  }, word(`do.${doing}`));
  const title = (name) => el("span.menu-title", {}, word(name));
  for (const [first, ...pair] of rows) {
    if (!pair.length) panel.append(item(first));
    else panel.append(el("div.menu-choice", {}, title(first), ...pair.map(item)));
  }
  return [button, panel];
}
