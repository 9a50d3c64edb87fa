/** The small menu of a phone: what its owner can do besides writing. */

import { disclosure } from "./disclosure.js";
import { el, icon } from "./dom.js";
import { word } from "./words.js";

/**
 * The menu button and its panel. `rows` are [title, ...gestures] of brands.js: one gesture makes a
 * plain item, several stand side by side under the title. `act(gesture)` does it.
 */
export function menu(rows, act) {
  const button = el("button.plain.menu-button", {
    type: "button", "aria-haspopup": "true", "aria-label": word("menu"), title: word("menu"),
  }, icon("more"));
  const panel = el("div.menu", { role: "group", "aria-label": word("menu") });
  const { close } = disclosure(button, panel);
  const item = (gesture, label) => el("button.menu-item", {
    type: "button", "data-gesture": gesture,
    click: () => {
      close();
      act(gesture);
    },
  }, label);
  for (const [title, ...gestures] of rows) {
    if (gestures.length === 1) panel.append(item(gestures[0], word(title)));
    else panel.append(el("div.menu-choice", {},
      el("span.menu-title", {}, word(title)), ...gestures.map((name) => item(name, word(name)))));
  }
  return [button, panel];
}
