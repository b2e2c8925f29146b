/**
 * What the page knows, and who wants to hear when it changes.
 *
 * Ages are told on the site's clock, which may run at any speed: the last message says what time it was there, and this
 * browser's monotonic clock says how long ago that was.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").LiveMessage} LiveMessage
 * @typedef {import("../types.js").Device} Device
 */
import { useEffect, useState } from "../../vendor/htm-preact.module.js";
import { inZone } from "./format.js";

/** @type {State} */
let state = {
  connection: { state: "connecting", lostAtMs: null, nextTryAtMs: null },
  access: "unknown",
  session: null,
  atMs: null,
  heardAtMs: 0,
  speed: 1,
  site: { name: "Home", time_zone: "UTC", currency: "", masters: {} },
  flows: null,
  devices: [],
};

/** @type {Set<() => void>} */
const listeners = new Set();

export function current() {
  return state;
}

/** @param {() => void} listener */
export function subscribe(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** @param {Partial<State>} change */
export function update(change) {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

/** @param {LiveMessage} message */
export function apply(message) {
  const heard = { atMs: Date.parse(message.at), heardAtMs: performance.now() };
  if (message.type === "state") {
    const { speed, site, flows, devices } = message;
    update({ ...heard, speed, site, flows, devices });
  } else if (message.type === "change") {
    const gone = new Set(message.gone);
    const staying = state.devices.filter((device) => !gone.has(device.id));
    update({ ...heard, flows: message.flows, devices: merged(staying, message.devices) });
  } else {
    update(heard);
  }
}

/** @param {Device[]} before @param {Device[]} changed */
export function merged(before, changed) {
  const news = new Map(changed.map((device) => [device.id, device]));
  // A source that could not be opened is one device named like it, until its own devices are known.
  const opened = new Set(changed.filter((device) => device.id !== device.source).map((device) => device.source));
  const kept = before
    .filter((device) => !(device.id === device.source && opened.has(device.source) && !news.has(device.id)))
    .map((device) => news.get(device.id) ?? device);
  const known = new Set(kept.map((device) => device.id));
  return [...kept, ...changed.filter((device) => !known.has(device.id))];
}

/** Now at the site, in ms. */
export function siteNow() {
  if (state.atMs === null) return Date.now();
  return state.atMs + (performance.now() - state.heardAtMs) * state.speed;
}

/** @param {string | null | undefined} at */
export function ageOf(at) {
  return at ? Math.max(0, (siteNow() - Date.parse(at)) / 1000) : null;
}

/** What is said with times of UTC, as the site's clocks show those. @param {string} text @param {string | null} [at]  When it was said, if not now. */
export function atSite(text, at) {
  return inZone(text, state.site.time_zone, at ? Date.parse(at) : siteNow());
}

/** Redraws with each change of the state, and each second, since ages pass by themselves. */
export function useLive() {
  const [, redraw] = useState(0);
  useEffect(() => {
    const draw = () => redraw((count) => count + 1);
    const timer = setInterval(draw, 1000);
    const unsubscribe = subscribe(draw);
    return () => {
      clearInterval(timer);
      unsubscribe();
    };
  }, []);
  return state;
}
