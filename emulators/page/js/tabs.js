/** On a narrow window: one device at a time, chosen by tabs at the bottom or by a swipe. */

import { el } from "./dom.js";
import { word } from "./words.js";

export class Tabs {
  #tabs = new Map();
  #watch;

  /** `stage` is what scrolls sideways; devices are added by `add`. */
  constructor(stage) {
    this.node = el("nav.tabs", { "aria-label": word("brand") });
    this.#watch = new IntersectionObserver((changes) => this.#seen(changes), {
      root: stage, threshold: 0.6,
    });
  }

  /** A tab for a device that has none yet: its key, node, badge and label. */
  add(key, device, badge, label) {
    if (this.#tabs.has(key)) return;
    const tab = el("button.tab", {
      type: "button", "data-tab": key,
      click: () => device.scrollIntoView({ inline: "center", block: "nearest" }),
    }, badge, el("span.tab-label", {}, label), el("span.dot"));
    this.#tabs.set(key, tab);
    this.node.append(tab);
    this.#watch.observe(device);
  }

  /** Something new came to this device. */
  mark(key) {
    const tab = this.#tabs.get(key);
    if (tab && !tab.hasAttribute("aria-current")) tab.classList.add("has-unread");
  }

  #seen(changes) {
    for (const { target, isIntersecting } of changes) {
      const tab = this.#tabs.get(target.dataset.device);
      if (isIntersecting) {
        tab.setAttribute("aria-current", "true");
        tab.classList.remove("has-unread");
      } else tab.removeAttribute("aria-current");
    }
  }
}
