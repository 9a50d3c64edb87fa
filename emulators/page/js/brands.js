/** What differs from platform to platform: handles, first contact, the phone's menu. */

/**
 * `mark`: the letters of the badge. `chat(person)`: the private chat's id on that platform.
 * `handle(person)`: what the person is known by there. `about`: the line under the chat's title.
 * `start`: whether people begin with a button. `replies`: whether a message can be answered.
 * `menu`: rows of [gesture], or of [title, gesture, gesture] that belong together.
 */
export const BRANDS = {
  telegram: {
    mark: "TG",
    chat: (person) => String(person.telegram),
    handle: (person) => (person.username ? `@${person.username}` : `id ${person.telegram}`),
    about: "bot",
    empty: "emptyStart",
    start: true,
    replies: true,
    menu: [["contact"], ["photo"], ["access", "block", "unblock"]],
  },
  vk: {
    mark: "VK",
    chat: (person) => String(person.vk),
    handle: (person) => `id${person.vk}`,
    about: "community",
    empty: "emptyStart",
    start: true,
    replies: true,
    menu: [["read"], ["photo"], ["permission", "deny", "allow"]],
  },
  whatsapp: {
    mark: "WA",
    chat: (person) => person.phone.replace("+", ""),
    handle: (person) => person.phone,
    about: "business",
    empty: "emptyStart",
    start: true,
    replies: true,
    menu: [
      ["read"],
      ["contact"],
      ["photo"],
      ["document"],
      ["voice"],
      ["location"],
      ["react"],
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
    replies: false,
    menu: [["network", "offline", "online"], ["number", "dead", "alive"]],
  },
};

/** The platforms whose phones are shown, in this order. */
export const PLATFORMS = Object.keys(BRANDS);
