/** One chat of one platform: kept up to date by the feed, and what somebody does in it. */

import * as api from "./api.js";
import { BRANDS } from "./brands.js";
import { Composer } from "./composer.js";
import { el, icon } from "./dom.js";
import { keyboard, sheet } from "./keys.js";
import { Log } from "./log.js";
import { word } from "./words.js";

const TOAST_MS = 4500;

export class Chat {
  #loading = null;
  #log;

  /** `label` names the chat for assistive tools; `empty` stands in it before the first message. */
  constructor(platform, { label, group = false, empty }) {
    this.platform = platform;
    this.id = null;
    this.person = null;
    this.group = group;
    this.#log = new Log({
      group,
      can: BRANDS[platform].can,
      isMine: (bubble) => this.#isMine(bubble),
      press: (bubble, row, column, key) => this.#press(bubble, row, column, key),
      reply: (bubble) => this.composer.reply(bubble),
      amend: (bubble) => this.composer.amend(bubble),
      react: (bubble) => this.#react(bubble),
      command: (text) => this.#say(text),
    });
    this.note = el("div.note", { hidden: true, role: "status" });
    this.toasts = el("div.toasts");
    this.keys = el("div.keyboard-place", { hidden: true });
    this.cover = el("div.cover");
    this.toggle = el("button.plain.toggle", {
      type: "button", hidden: true, "aria-label": word("keyboard"), title: word("keyboard"),
      click: () => { this.keys.hidden = !this.keys.hidden; },
    }, icon("keyboard"));
    this.composer = new Composer(this.#written.bind(this), label, this.toggle);
    const place = el("div.log-place", {}, this.#log.list, empty, this.#log.below, this.toasts);
    this.nodes = [this.note, place, this.composer.node, this.keys, this.cover];
  }

  get isEmpty() {
    return this.#log.size === 0;
  }

  /** Who writes on the other side, as far as the messages tell; "" before the first. */
  get title() {
    return this.#log.lastTheirs?.author ?? "";
  }

  /** Somebody else holds the phone: what is mine and what theirs changes. */
  hold(person) {
    this.person = person;
    this.#log.redraw();
    this.#log.render();
  }

  /** Shows a chat, loaded anew; what the feed tells meanwhile is applied on top. */
  async show(id) {
    const loading = { events: [] };
    this.#loading = loading;
    if (this.id !== id) this.#clear();
    this.id = id;
    const screen = await this.#attempt(() => api.screen(this.platform, id));
    if (this.#loading !== loading) return; // another chat was opened meanwhile
    this.#loading = null;
    if (!screen) return;
    this.#log.reset(screen.bubbles);
    this.#showKeyboard(screen.keyboard);
    this.#showNote(screen.note);
    loading.events.forEach((event) => this.apply(event));
    this.#log.render();
  }

  /** Takes an event of the feed about this chat; messages are drawn by the next `render`. */
  apply(event) {
    if (this.#loading) this.#loading.events.push(event);
    else if (event.type === "bubble") this.#arrived(event.bubble);
    else if (event.type === "change") this.#log.change(event.bubble);
    else if (event.type === "remove") this.#log.remove(event.id);
    else if (event.type === "keyboard") this.#showKeyboard(event.keyboard);
    else if (event.type === "note") this.#showNote(event.note);
    else if (event.type === "toast") this.toast(event.text);
  }

  /** Draws the messages applied since. */
  render() {
    if (!this.#loading) this.#log.render({ fresh: true });
  }

  /** A short notice over the chat; `kind` is "notice" or "error". */
  toast(text, kind = "notice") {
    const node = el("div.toast", { "data-kind": kind, role: "status" }, text);
    [...this.toasts.children].find((shown) => shown.textContent === text)?.remove();
    this.toasts.append(node);
    while (this.toasts.children.length > 3) this.toasts.firstChild.remove();
    setTimeout(() => node.remove(), TOAST_MS);
  }

  /** Does something; gives what the emulator answers, or null after a toast that says why not. */
  act(gesture, told = {}) {
    if (!this.person) return null;
    const chat = this.group ? this.id : undefined;
    return this.#attempt(() =>
      api.gesture(this.platform, gesture, { who: this.person.id, chat, ...told }));
  }

  async #attempt(ask) {
    try {
      return await ask();
    } catch (error) {
      this.toast(error instanceof api.Refused ? error.message : word("noAnswer"), "error");
      return null;
    }
  }

  async #say(text, replyTo) {
    return Boolean(await this.act("say", { text, reply_to: replyTo }));
  }

  async #written(text, { id, amends } = {}) {
    if (!amends) {
      this.#log.follow();
      return this.#say(text, id);
    }
    return Boolean(await this.act("edit", { message: id, text }));
  }

  #react(bubble) {
    return this.act("react", { message: bubble.id, emoji: bubble.reactions.length ? "" : "👍" });
  }

  #press(bubble, row, column, key) {
    const place = { message: bubble.id, row, column };
    if (key.kind !== "list") return this.act("press", place);
    this.#openSheet(key, (item) => this.act("press", { ...place, item }));
    return null;
  }

  #openSheet(key, choose) {
    const opener = document.activeElement;
    const close = () => {
      this.#closeSheet();
      opener.focus({ preventScroll: true });
    };
    const pick = (item) => {
      close();
      choose(item);
    };
    this.cover.replaceChildren(sheet(key, pick, close));
    this.cover.onkeydown = (event) => event.key === "Escape" && close();
    this.cover.querySelector(".option")?.focus();
  }

  #closeSheet() {
    this.cover.replaceChildren();
  }

  #clear() {
    this.#log.reset([]);
    this.#showKeyboard([]);
    this.#showNote("");
    this.#closeSheet();
    this.composer.reply(null);
    this.toasts.replaceChildren();
  }

  /** «печатает…» is over with the message that was being written. */
  #arrived(bubble) {
    this.#log.put(bubble);
    if (this.#isMine(bubble)) return;
    [...this.toasts.children].filter((it) => it.textContent.endsWith("…")).forEach((it) => it.remove());
  }

  #showNote(text) {
    this.note.textContent = text;
    this.note.hidden = !text;
  }

  #showKeyboard(rows) {
    const tap = (row, column) => this.act("tap", { row, column });
    this.toggle.hidden = rows.length === 0;
    this.keys.hidden = rows.length === 0;
    this.keys.replaceChildren(...(rows.length ? [keyboard(rows, tap)] : []));
  }

  #isMine(bubble) {
    if (!this.group) return bubble.mine;
    const ids = [this.person?.id, String(this.person?.telegram)];
    return ids.includes(String(bubble.author_id));
  }
}
