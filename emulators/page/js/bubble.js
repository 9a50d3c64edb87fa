/** One message as it stands in a chat: day, author, quote, picture, text, time, ticks, buttons. */

import { avatar, el, hue, icon } from "./dom.js";
import { inlineKeys } from "./keys.js";
import { rich } from "./rich.js";
import { language, word } from "./words.js";

const HOUR = new Intl.DateTimeFormat(language, {
  hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const DAY = new Intl.DateTimeFormat(language, { day: "numeric", month: "long" });
const FULL = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
const RUN_SECONDS = 600;
const FEW_EMOJI = /^(\p{Extended_Pictographic}\ufe0f?){1,3}$/u;
const TICKS = { sent: "check", delivered: "checks", read: "checks", failed: "alert" };

/**
 * The entry of a bubble in the log. `previous` is the bubble above it or null; `view` is the chat:
 * {group, isMine(bubble), find(id), can, press(...), reply(bubble), amend(bubble), react(bubble),
 * command(text), jump(id)}; `can` tells what people do to messages there, see brands.js.
 */
export function entry(bubble, previous, view) {
  const newDay = !previous || DAY.format(date(previous)) !== DAY.format(date(bubble));
  const continues = !newDay && sameRun(previous, bubble, view);
  const side = bubble.service ? "service" : view.isMine(bubble) ? "mine" : "theirs";
  const node = el(`div.entry.${side}`);
  if (newDay) node.append(el("div.day", {}, DAY.format(date(bubble))));
  node.classList.toggle("continues", continues);
  node.append(bubble.service ? service(bubble) : body(bubble, view, side, continues));
  return node;
}

/** Hours and minutes of a moment given in Unix seconds. */
export function hour(at) {
  return HOUR.format(at * 1000);
}

function date(bubble) {
  return bubble.at * 1000;
}

function sameRun(previous, bubble, view) {
  return !previous.service && !bubble.service
    && view.isMine(previous) === view.isMine(bubble)
    && previous.author === bubble.author
    && previous.thread === bubble.thread
    && bubble.at - previous.at < RUN_SECONDS;
}

function service(bubble) {
  return el("div.service-line", { "data-bubble": bubble.id }, bubble.text);
}

function body(bubble, view, side, continues) {
  const named = view.group && side === "theirs" && bubble.author;
  const column = el("div.column", {},
    el("div.bubble", { "data-bubble": bubble.id, "data-status": bubble.status },
      view.group && !continues && (named || bubble.thread) ? author(bubble, side, view) : null,
      forward(bubble),
      quote(bubble, view),
      picture(bubble),
      text(bubble, view),
      meta(bubble)),
    reactions(bubble),
    bubble.keys.length ? inlineKeys(bubble, view.press) : null,
    actions(bubble, view, side));
  return el("div.row", {}, named ? avatar(bubble.author) : null, column);
}

function author(bubble, side, view) {
  const topic = bubble.thread;
  const node = el("div.author", {}, side === "theirs" ? bubble.author : null,
    topic && el("button.topic", {
      type: "button", title: word("replyInTopic", { topic }), click: () => view.reply(bubble),
    }, topic));
  node.style.setProperty("--hue", String(hue(bubble.author)));
  return node;
}

function forward(bubble) {
  const name = bubble.forwarded_from;
  return name ? el("div.forwarded", {}, word("forwarded", { name })) : null;
}

function quote(bubble, view) {
  const quoted = bubble.reply_to && view.find(String(bubble.reply_to));
  if (!quoted) return null;
  const who = view.isMine(quoted) ? word("you") : quoted.author;
  return el("button.quote", { type: "button", click: () => view.jump(quoted.id) },
    el("b", {}, who), el("span", {}, quoted.text || word("picture")));
}

function picture(bubble) {
  if (!bubble.image) return null;
  const missing = el("span.no-picture", {}, icon("image"), word("picture"));
  const image = el("img.picture", {
    src: bubble.image, alt: word("picture"), error: () => image.replaceWith(missing),
  });
  return image;
}

function text(bubble, view) {
  if (!bubble.text) return null;
  const node = el("div.text", {}, ...rich(bubble.text, bubble.spans, view.command));
  node.classList.toggle("emoji", FEW_EMOJI.test(bubble.text));
  return node;
}

function meta(bubble) {
  const node = el("span.meta", { title: FULL.format(date(bubble)) },
    bubble.edited ? `${word("edited")} ` : null, hour(bubble.at));
  if (bubble.status) {
    const ticks = el("span.ticks", { role: "img", "aria-label": word(bubble.status) });
    ticks.append(icon(TICKS[bubble.status]));
    node.append(ticks);
  }
  return node;
}

function reactions(bubble) {
  if (!bubble.reactions?.length) return null;
  const counts = new Map();
  bubble.reactions.forEach((emoji) => counts.set(emoji, (counts.get(emoji) ?? 0) + 1));
  const chips = [...counts].map(([emoji, count]) =>
    el("span.reaction", {}, count > 1 ? `${emoji} ${count}` : emoji));
  return el("div.reactions", { role: "group", "aria-label": word("reactions") }, ...chips);
}

function actions(bubble, view, side) {
  const able = {
    reply: true,
    react: side === "theirs",
    amend: side === "mine" && Boolean(bubble.text) && !bubble.image,
  };
  const buttons = view.can.filter((name) => able[name]).map((name) => el("button.action", {
    type: "button", title: word(name), "aria-label": word(name),
    click: () => view[name](bubble),
  }, name === "react" ? "👍" : icon(name)));
  return buttons.length ? el("div.actions", {}, ...buttons) : null;
}
