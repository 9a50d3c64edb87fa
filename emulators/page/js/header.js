/** The page's top: whose phones these are, the time, the connection, theme and language. */

import { el, icon } from "./dom.js";
import { language, word } from "./words.js";

/** The header around the chooser and the clock; gives {node, live(notice), lost()}. */
export function header(chooser, clock) {
  const status = el("span.connection", { role: "status", "data-state": "lost" });
  const noticeText = el("span");
  const notice = el("p.notice", { hidden: true }, icon("info"), noticeText);
  const logo = el("img.logo", { src: "page/icon.svg", alt: "" });
  const node = el("header.top", {}, el("div.header", {},
    el("div.brand", {}, logo,
      el("div", {}, el("h1", {}, word("brand")), el("small", {}, word("tagline")))),
    chooser, notice, el("span.gap"), clock, status,
    el("div.switches", {}, languageSwitch(), themeSwitch())));

  function connection(state) {
    status.dataset.state = state;
    status.title = word(state);
    status.textContent = word(state);
  }

  return {
    node,
    lost: () => connection("lost"),
    live(text) {
      connection("live");
      noticeText.textContent = text;
      notice.hidden = !text;
    },
  };
}

/** The page's address with one parameter changed. */
export function addressWith(key, value) {
  const url = new URL(location.href);
  url.searchParams.set(key, value);
  return url;
}

function languageSwitch() {
  const other = language === "ru" ? "en" : "ru";
  return el("a.quiet", {
    href: addressWith("lang", other), lang: other,
    title: word("language"), "aria-label": word("language"),
    click: (event) => { event.currentTarget.href = addressWith("lang", other); },
  }, other.toUpperCase());
}

function themeSwitch() {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const asked = new URLSearchParams(location.search).get("theme");
  if (asked === "dark" || asked === "light") root.dataset.theme = asked;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const mark = () => root.toggleAttribute("data-dark", isDark());
  system.addEventListener("change", mark);
  mark();
  return el("button.quiet.theme", {
    type: "button", "aria-label": word("theme"), title: word("theme"),
    click: () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      history.replaceState(null, "", addressWith("theme", root.dataset.theme));
      mark();
    },
  }, icon("sun"), icon("moon"));
}
