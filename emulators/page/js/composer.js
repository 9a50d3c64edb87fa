/** Where a message is typed: a field that grows, a send button, what is being answered. */

import { el, icon } from "./dom.js";
import { word } from "./words.js";

const TALLEST_PX = 110;

export class Composer {
  #replyTo = null;
  #say;

  /** `say(text, replyTo)` tells whether the message went out; `toggle` stands left of the field. */
  constructor(say, label, toggle) {
    this.#say = say;
    this.field = el("textarea.field", {
      rows: "1", placeholder: word("message"), "aria-label": `${word("message")}: ${label}`,
      keydown: (event) => this.#key(event), input: () => this.#fit(),
    });
    const send = word("send");
    this.button = el("button.send", { "aria-label": send, title: send }, icon("send"));
    this.replying = el("div.replying", { hidden: true });
    this.node = el("form.composer", {
      submit: (event) => {
        event.preventDefault();
        this.#send();
      },
    }, this.replying, el("div.composer-row", {}, toggle, this.field, this.button));
  }

  /** The next message answers this bubble; null: none. */
  reply(bubble) {
    this.#replyTo = bubble;
    this.replying.hidden = !bubble;
    if (!bubble) return;
    this.replying.replaceChildren(icon("reply"),
      el("span.replying-text", {}, el("b", {}, bubble.author), ` ${bubble.text}`),
      el("button.plain", {
        type: "button", "aria-label": word("cancelReply"), click: () => this.reply(null),
      }, icon("close")));
    this.field.focus();
  }

  async #send() {
    const text = this.field.value.trim();
    if (!text) return;
    const before = this.field.value;
    const answered = this.#replyTo;
    this.field.value = "";
    if (answered && !answered.thread) this.reply(null); // one stays in a forum's topic
    this.#fit();
    if (await this.#say(text, answered?.id)) return;
    // Nothing typed is lost when the platform refuses.
    if (!this.field.value) this.field.value = before;
    this.reply(answered);
    this.#fit();
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#send();
    }
    if (event.key === "Escape") this.reply(null);
  }

  #fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST_PX)}px`;
  }
}
