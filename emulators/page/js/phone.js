/** A customer's phone: the chat of the person chosen with the business, on one platform. */

import { BRANDS } from "./brands.js";
import { hour } from "./bubble.js";
import { Chat } from "./chat.js";
import { avatar, el, icon } from "./dom.js";
import { menu } from "./menu.js";
import { word } from "./words.js";

export class Phone {
  #brand;

  constructor(platform) {
    this.key = platform;
    this.label = word(platform);
    this.#brand = BRANDS[platform];
    this.chat = new Chat(platform, { label: this.label, empty: this.#empty() });
    this.handle = el("span.handle");
    this.time = el("span.time");
    this.face = el("span.face");
    this.name = el("span.bar-name");
    const bar = el("header.bar", {}, el("span.bar-back", {}, icon("back")), this.face,
      el("div.bar-text", {}, this.name, el("span.bar-about", {}, word(this.#brand.about))),
      ...menu(this.#brand.menu, (doing) => this.chat.act(...this.#told(doing))));
    this.node = el("section.device.phone", {
      "data-device": platform, "data-platform": platform, "aria-label": this.label,
    },
    el("header.caption", {}, badge(platform), el("h2", {}, this.label), this.handle),
    el("div.frame", {}, el("div.screen", {},
      el("div.status-bar", { "aria-hidden": "true" }, this.time, icon("signal")),
      bar, ...this.chat.nodes)));
    this.#entitle(word("brand"));
  }

  /** Shows this person's chat, loaded anew. */
  async open(person) {
    this.chat.person = person;
    this.handle.textContent = this.#brand.handle(person);
    this.node.dataset.chat = this.#brand.chat(person);
    await this.chat.show(this.node.dataset.chat);
    this.render();
  }

  /** Draws what the feed told. */
  render() {
    this.chat.render();
    this.node.classList.toggle("is-empty", this.chat.isEmpty);
    this.#entitle(this.chat.title || word("brand"));
  }

  /** The time on the status bar, Unix seconds. */
  showTime(now) {
    this.time.textContent = hour(now);
  }

  #told(doing) {
    return this.#brand.does?.[doing] ?? [doing];
  }

  #entitle(title) {
    if (this.name.textContent === title) return;
    this.name.textContent = title;
    this.face.replaceChildren(avatar(title));
  }

  #empty() {
    const start = el("button.start", {
      type: "button", click: () => this.chat.act("start"),
    }, word("start"));
    return el("div.empty", {}, el("span.empty-badge", {}, this.#brand.mark),
      el("b", {}, word("emptyChat")), el("p", {}, word(this.#brand.empty)),
      this.#brand.start ? start : null);
  }
}

/** The small coloured badge of a platform. */
export function badge(platform) {
  const mark = BRANDS[platform]?.mark ?? platform;
  return el("span.badge", { "data-platform": platform, "aria-hidden": "true" }, mark);
}
