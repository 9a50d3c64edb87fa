/** The chooser of the person whose phones are shown: search, dots for unread, somebody new. */

import { disclosure } from "./disclosure.js";
import { avatar, el, icon } from "./dom.js";
import { word } from "./words.js";

const SHOWN = 60;

export class People {
  #people = new Map();
  #unread = new Set();
  #population = 0;
  #stale = false;

  /** `choose(person)` is called for every choice, `invite(name)` to let somebody new in. */
  constructor(choose, invite) {
    this.chosen = null;
    this.choose = choose;
    this.invite = invite;
    this.current = el("span.current");
    this.button = el("button.chooser", {
      type: "button", "aria-haspopup": "dialog", title: word("choosePerson"),
    }, this.current, icon("chevron"));
    this.search = el("input.search", {
      type: "search", placeholder: word("searchPerson"), "aria-label": word("searchPerson"),
      input: () => this.#fill(), keydown: (event) => this.#arrows(event),
    });
    this.list = el("div.people-list", { keydown: (event) => this.#arrows(event) });
    this.count = el("div.people-count");
    const panel = el("div.people-panel", { role: "dialog", "aria-label": word("choosePerson") },
      el("label.search-row", {}, icon("search"), this.search), this.list, this.count);
    const { close } = disclosure(this.button, panel, () => this.#opened());
    this.close = close;
    this.node = el("div.people", {}, this.button, panel);
  }

  /** Who there is now; whoever was chosen stays so, else the preferred one or the first is. */
  seat(people, population, preferred) {
    this.#people = new Map(people.map((person) => [person.id, person]));
    this.#population = population;
    this.chosen = this.#people.get(this.chosen?.id ?? preferred) ?? people[0] ?? null;
    this.#stale = true;
    this.render();
  }

  /** Somebody came into the world, or has other handles now. */
  add(person) {
    if (!this.#people.has(person.id)) this.#population += 1;
    this.#people.set(person.id, person);
    this.#stale = true;
    if (!this.chosen || this.#moved(person)) this.pick(person);
  }

  /** Everybody with phones on this page. */
  all() {
    return [...this.#people.values()];
  }

  get(id) {
    return this.#people.get(id);
  }

  /** Shows this person's phones. */
  pick(person) {
    this.chosen = person;
    this.#unread.delete(person.id);
    this.#stale = true;
    this.choose(person);
    this.render();
  }

  /** Something new came to a phone that is not shown. */
  mark(id) {
    if (this.#unread.has(id)) return;
    this.#unread.add(id);
    this.#stale = true;
  }

  /** Brings the chooser up to what changed. */
  render() {
    if (!this.#stale) return;
    this.#stale = false;
    const person = this.chosen;
    this.button.classList.toggle("has-unread", this.#unread.size > 0);
    if (person) {
      this.current.replaceChildren(avatar(person.name),
        el("span.who", {}, el("b", {}, person.name), el("small", {}, person.phone)));
      const unread = this.#unread.size ? `, ${word("unread")}` : "";
      this.button.setAttribute("aria-label", `${word("person")}: ${person.name}${unread}`);
    }
    if (this.list.isConnected && !this.list.closest("[hidden]")) this.#fill();
  }

  #moved(person) {
    return person.id === this.chosen.id && person.phone !== this.chosen.phone;
  }

  #opened() {
    this.search.value = "";
    this.#fill();
    this.search.focus();
  }

  #fill() {
    const wanted = this.search.value.trim().toLowerCase();
    const found = this.all().filter((person) => matches(person, wanted));
    const options = found.slice(0, SHOWN).map((person) => this.#option(person));
    if (!found.length) options.push(el("p.nobody", {}, word("nobody")));
    if (wanted && !found.length) options.push(this.#newcomer(this.search.value.trim()));
    this.list.replaceChildren(...options);
    this.count.textContent = word("population", {
      cast: this.#people.size, all: Math.max(this.#population, this.#people.size),
    });
  }

  #option(person) {
    const unread = this.#unread.has(person.id);
    const nick = person.username ? ` · @${person.username}` : "";
    return el("button.person", {
      type: "button", "data-person": person.id,
      "aria-current": person.id === this.chosen?.id ? "true" : null,
      "aria-label": `${person.name}, ${person.phone}${unread ? `, ${word("unread")}` : ""}`,
      click: () => {
        this.close();
        this.button.focus();
        this.pick(person);
      },
    }, avatar(person.name),
    el("span.who", {}, el("b", {}, person.name), el("small", {}, `${person.phone}${nick}`)),
    unread ? el("span.dot", { title: word("unread") }) : null);
  }

  #newcomer(name) {
    return el("button.person.newcomer", {
      type: "button",
      click: () => {
        this.close();
        this.button.focus();
        this.invite(name);
      },
    }, el("span.avatar", { "aria-hidden": "true" }, icon("add")),
    el("b", {}, word("newPerson", { name })));
  }

  #arrows(event) {
    const options = [...this.list.querySelectorAll("button")];
    const at = options.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" && at < 0) options[0]?.click();
    if (!step) return;
    event.preventDefault();
    const next = at + step;
    (next < 0 ? this.search : options[Math.min(next, options.length - 1)])?.focus();
  }
}

function matches(person, wanted) {
  const digits = wanted.replace(/[\s()+-]/g, "");
  const words = `${person.name} @${person.username ?? ""} ${person.id}`.toLowerCase();
  return words.includes(wanted) || (/^\d+$/.test(digits) && person.phone.includes(digits));
}

/** Somebody of that name whom nobody knew before, with handles of their own on every platform. */
export function newcomer(name) {
  const number = crypto.getRandomValues(new Uint32Array(1))[0] % 10_000_000;
  const tail = String(number).padStart(7, "0");
  return {
    id: `guest-${tail}`,
    name,
    phone: `+7900${tail}`,
    telegram: 7_000_000_000 + number,
    vk: 700_000_000 + number,
    bsuid: `RU.9${tail}00`,
  };
}
