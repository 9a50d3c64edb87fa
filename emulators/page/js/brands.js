/** What differs from platform to platform: handles, first contact, the phone's menu. */

const PLACE = { latitude: 55.751244, longitude: 37.618423 };
const ANSWER = "Здравствуйте! Отвечаю вам из окна сообщества.";

/**
 * `mark`: the letters of the badge. `chat(person)`: the private chat's id on that platform.
 * `handle(person)`: what the person is known by there. `about`: the line under the chat's title.
 * `start`: whether people begin with a button. `can`: what they do to messages that stand there.
 * `menu`: rows of [doing], or of [title, doing, doing] that belong together. A doing is a gesture,
 * or stands in `does` as [gesture, what is told].
 */
export const BRANDS = {
  telegram: {
    mark: "TG",
    chat: (person) => String(person.telegram),
    handle: (person) => (person.username ? `@${person.username}` : `id ${person.telegram}`),
    about: "bot",
    empty: "emptyStart",
    start: true,
    can: ["reply", "react", "amend"],
    does: {
      album: ["media", { kind: "photo", count: 3 }],
      document: ["media", { kind: "document" }],
      voice: ["media", { kind: "voice" }],
      sticker: ["media", { kind: "sticker" }],
      location: ["location", PLACE],
    },
    menu: [
      ["contact"],
      ["photo"],
      ["album"],
      ["document"],
      ["voice"],
      ["sticker"],
      ["location"],
      ["access", "block", "unblock"],
    ],
  },
  vk: {
    mark: "VK",
    chat: (person) => String(person.vk),
    handle: (person) => `id${person.vk}`,
    about: "community",
    empty: "emptyStart",
    start: true,
    can: ["reply", "amend"],
    does: {
      album: ["photo", { count: 3 }],
      document: ["file", {}],
      location: ["place", {}],
      answer: ["answer", { text: ANSWER }],
      new_app: ["client", {}],
      old_app: ["client", { inline_keyboard: false, carousel: false, callback: false }],
    },
    menu: [
      ["read"],
      ["photo"],
      ["album"],
      ["document"],
      ["voice"],
      ["sticker"],
      ["location"],
      ["answer"],
      ["app", "old_app", "new_app"],
      ["permission", "deny", "allow"],
    ],
  },
  whatsapp: {
    mark: "WA",
    chat: (person) => person.phone.replace("+", ""),
    handle: (person) => person.phone,
    about: "business",
    empty: "emptyStart",
    start: true,
    can: ["reply", "react", "amend"],
    menu: [
      ["read"],
      ["contact"],
      ["photo"],
      ["document"],
      ["voice"],
      ["location"],
      ["poll"],
      ["referral"],
      ["change_number"],
      ["nickname", "show_plain", "show_username_only"],
      ["network", "offline", "online"],
      ["marketing", "stop_marketing", "resume_marketing"],
      ["access", "block", "unblock"],
      ["account", "no_whatsapp", "whatsapp"],
    ],
  },
  sms: {
    mark: "SMS",
    chat: (person) => person.phone,
    handle: (person) => person.phone,
    about: "messages",
    empty: "emptySms",
    start: false,
    can: [],
    menu: [["network", "offline", "online"], ["number", "dead", "alive"]],
  },
};

/** The platforms whose phones are shown, in this order. */
export const PLATFORMS = Object.keys(BRANDS);
