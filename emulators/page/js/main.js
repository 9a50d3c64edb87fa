/** The page of phones: puts the devices up, and passes on what the feed tells. */

import * as api from "./api.js";
import { BRANDS, PLATFORMS } from "./brands.js";
import { VirtualClock } from "./clock.js";
import { Desk } from "./desk.js";
import { el, icon } from "./dom.js";
import { listen } from "./feed.js";
import { addressWith, header } from "./header.js";
import { newcomer, People } from "./people.js";
import { badge, Phone } from "./phone.js";
import { Tabs } from "./tabs.js";
import { Ticker } from "./ticker.js";
import { language, word } from "./words.js";

const STAFF = ["admin", "operators"];

const phones = new Map(); // by platform
const desks = new Map(); // by role
const owners = new Map(); // "platform/chat" -> the person's id
const ticker = new Ticker();
const people = new People(choose, invite);
const clock = new VirtualClock(moveClock, (now) => phones.forEach((phone) => phone.showTime(now)));
const top = header(people.node, clock.node);
const customers = el("div.customers");
const staff = el("div.staff", { hidden: true });
const stage = el("main.stage", {}, el("div.lineup", {}, customers, staff));
const tabs = new Tabs(stage);

document.documentElement.lang = language;
document.title = word("title");
document.body.append(top.node, stage, tabs.node);
listen({ opened: load, happened, lost: top.lost });

/** Learns the world anew and loads every chat that is shown. */
async function load() {
  let world;
  try {
    world = await api.world();
  } catch {
    top.lost(); // the feed breaks off too, and asks again when it is back
    return;
  }
  clock.set(world.now, world.shift);
  putUp(world);
  world.people.forEach(own);
  people.seat(world.people, world.population, new URLSearchParams(location.search).get("who"));
  await Promise.all([
    ...[...phones.values()].map((phone) => people.chosen && phone.open(people.chosen)),
    ...[...desks.values()].map(open),
    ticker.load(api.accepted),
  ]);
  top.live(world.notice);
}

/** A device for each platform and each group of the staff that has none yet. */
function putUp(world) {
  for (const platform of PLATFORMS) {
    if (!world.platforms.includes(platform) || phones.has(platform)) continue;
    const phone = new Phone(platform);
    phone.showTime(clock.now);
    phones.set(platform, phone);
    customers.append(phone.node);
    tabs.add(platform, phone.node, badge(platform), phone.label);
  }
  gather(world.groups);
  // Put up last: a narrow window stays with what it showed first.
  if (!ticker.node.isConnected) stage.append(ticker.node);
  tabs.add("ticker", ticker.node, icon("pulse"), word("deliveries"));
}

/** A desk for each group of the staff; gives those whose group is another one than before. */
function gather(groups) {
  const changed = [];
  for (const group of groups.filter(({ role }) => STAFF.includes(role))) {
    const known = desks.get(group.role);
    const desk = known ?? new Desk(group);
    if (!known || JSON.stringify(known.group) !== JSON.stringify(group)) changed.push(desk);
    desk.group = group; // one that became a supergroup has a new id
    if (known) continue;
    desks.set(group.role, desk);
    staff.append(desk.node);
    staff.hidden = false;
    tabs.add(group.role, desk.node, badge(group.platform), desk.label);
  }
  return changed;
}

function open(desk) {
  return desk.open((id) => people.get(id));
}

function choose(person) {
  history.replaceState(null, "", addressWith("who", person.id));
  phones.forEach((phone) => phone.open(person));
}

function moveClock(seconds) {
  api.advance(seconds).catch(top.lost);
}

function invite(name) {
  api.addPerson(newcomer(name)).then((person) => {
    meet(person);
    people.pick(person);
  }, top.lost);
}

function meet(person) {
  own(person);
  people.add(person);
}

/** Remembers whose chats these are. */
function own(person) {
  for (const platform of PLATFORMS) {
    owners.set(`${platform}/${BRANDS[platform].chat(person)}`, person.id);
  }
}

/** One frame's worth of events: told to whom they concern, then everything drawn once. */
function happened(events) {
  const shown = new Map();
  for (const device of [...phones.values(), ...desks.values()]) {
    shown.set(`${device.chat.platform}/${device.chat.id}`, device);
  }
  for (const event of events) {
    if (event.type === "accepted" || event.type === "status") ticker.apply(event);
    else if (event.type === "clock") clock.jump(event.now);
    else if (event.type === "human") meet(event.human);
    else if (event.type === "groups") gather(event.groups).forEach(open);
    else tell(shown.get(`${event.platform}/${event.chat}`), event);
  }
  shown.forEach((device) => device.render());
  ticker.render();
  people.render();
}

function tell(shown, event) {
  // A desk may show another chat since: its group became a supergroup within this frame.
  const device = shown?.chat.id === event.chat ? shown : null;
  device?.chat.apply(event);
  if (event.type !== "bubble" || event.bubble.mine) return;
  const owner = owners.get(`${event.platform}/${event.chat}`);
  if (device) tabs.mark(device.key);
  else if (owner) people.mark(owner);
}
