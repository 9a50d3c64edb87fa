/** Where a message is typed: a field that grows, a send button, what is being answered. */

import { el, icon } from "./dom.js";
import { word } from "./words.js";

const TALLEST_PX = 110;

export class Composer {
  #about = null;
  #say;

  /**
   * `say(text, {id, amends})` tells whether the message went out: anew, in answer to the message
   * `id`, or in its place. `toggle` stands left of the field.
   */
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
    if (this.#about?.amends) this.#put("");
    this.#show(bubble && { bubble, amends: false });
  }

  /** The next message takes the place of this bubble's. */
  amend(bubble) {
    this.#show({ bubble, amends: true });
    this.#put(bubble.text);
  }

  #show(about) {
    this.#about = about;
    this.replying.hidden = !about;
    if (!about) return;
    const { bubble, amends } = about;
    this.replying.replaceChildren(icon(amends ? "amend" : "reply"),
      el("span.replying-text", {}, el("b", {}, bubble.author), ` ${bubble.text}`),
      el("button.plain", {
        type: "button", "aria-label": word(amends ? "cancelAmend" : "cancelReply"),
        click: () => this.reply(null),
      }, icon("close")));
    this.field.focus();
  }

  #put(text) {
    this.field.value = text;
    this.#fit();
  }

  async #send() {
    const text = this.field.value.trim();
    if (!text) return;
    const before = this.field.value;
    const about = this.#about;
    this.#put("");
    if (about && (about.amends || !about.bubble.thread)) this.#show(null); // one stays in a topic
    if (await this.#say(text, about ? { id: about.bubble.id, amends: about.amends } : {})) return;
    // Nothing typed is lost when the platform refuses.
    if (!this.field.value) this.field.value = before;
    this.#show(about);
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
