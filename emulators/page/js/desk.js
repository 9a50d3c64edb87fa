/** A window on a group of the staff: the admin chat or the operators' group. */

import { Chat } from "./chat.js";
import { avatar, el } from "./dom.js";
import { badge } from "./phone.js";
import { word } from "./words.js";

export class Desk {
  #members = [];

  /** `group` is one of the world's: {platform, chat, title, role, members}. */
  constructor(group) {
    this.key = group.role;
    this.group = group;
    this.label = word(group.role);
    this.select = el("select.speaker", {
      "aria-label": `${word("speaksAs")}: ${this.label}`, title: word("speaksAs"),
      change: () => this.chat.hold(this.#writer),
    });
    const empty = el("div.empty", {},
      el("b", {}, word("emptyChat")), el("p", {}, word("emptyGroup")));
    this.chat = new Chat(group.platform, { label: this.label, group: true, empty });
    this.face = el("span.face");
    this.title = el("span.bar-name");
    this.about = el("span.bar-about");
    this.node = el("section.device.desk", {
      "data-device": this.key, "data-platform": group.platform,
      "aria-label": this.label,
    },
    el("header.caption", {}, badge(group.platform), el("h2", {}, this.label)),
    el("div.frame", {}, el("div.screen", {},
      el("header.bar", {}, this.face, el("div.bar-text", {}, this.title, this.about), this.select),
      ...this.chat.nodes)));
  }

  /** Shows the group, loaded anew; `person(id)` knows its members. */
  async open(person) {
    const { title, members } = this.group;
    this.face.replaceChildren(avatar(title));
    this.title.textContent = title;
    this.about.textContent = word("members", { n: members.length });
    this.#members = members.map((id) => person(id) ?? { id, name: id });
    const writes = this.select.value;
    const options = this.#members.map(({ id, name }) => el("option", { value: id }, name));
    this.select.replaceChildren(...options);
    if (writes) this.select.value = writes;
    this.chat.person = this.#writer;
    this.node.dataset.chat = this.group.chat;
    await this.chat.show(this.group.chat);
    this.render();
  }

  get #writer() {
    return this.#members.find(({ id }) => id === this.select.value) ?? null;
  }

  /** Draws what the feed told. */
  render() {
    this.chat.render();
    this.node.classList.toggle("is-empty", this.chat.isEmpty);
  }
}
