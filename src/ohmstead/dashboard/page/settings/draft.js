/**
 * The site as its owner is about to have it: nothing is saved until it is said in words and agreed to. Pure.
 *
 * @typedef {import("../types.js").SiteState} SiteState
 * @typedef {import("../types.js").SiteSettings} SiteSettings
 * @typedef {import("../types.js").SiteDevice} SiteDevice
 * @typedef {SiteSettings & {secrets: Record<string, string>}} Draft
 */

/** @param {SiteState} site @returns {Draft} */
export function draftOf({ name, time_zone, currency, latitude_deg, longitude_deg, devices }) {
  return { name, time_zone, currency, latitude_deg, longitude_deg, devices, secrets: {} };
}

/** @type {[keyof SiteSettings, string][]} */
const FACTS = [
  ["name", "The home’s name"],
  ["time_zone", "The time zone"],
  ["currency", "The currency"],
  ["latitude_deg", "The latitude"],
  ["longitude_deg", "The longitude"],
];

/** What saving would change, in words. @param {SiteState} site @param {Draft} draft @returns {string[]} */
export function changesOf(site, draft) {
  const facts = FACTS.filter(([key]) => site[key] !== draft[key]).map(([key, title]) => `${title} becomes ${draft[key] ?? "unknown"}.`);
  const before = new Map(site.devices.map((device) => [device.url, device]));
  const after = new Set(draft.devices.map(({ url }) => url));
  const gone = site.devices.filter(({ url }) => !after.has(url)).map(({ name }) => `${name} is no longer part of the site; its history stays.`);
  return [...facts, ...draft.devices.flatMap((device) => changesOfDevice(before.get(device.url), device)), ...gone];
}

/** @param {SiteDevice | undefined} before @param {SiteDevice} after */
function changesOfDevice(before, after) {
  if (!before) return [`${after.name} joins the site${after.control ? ", and may be controlled" : ", to be read only"}.`];
  const words = [];
  if (before.name !== after.name) words.push(`${before.name} is called ${after.name}, and its history begins anew.`);
  if (before.control !== after.control) words.push(after.control ? `${after.name} may be controlled.` : `Nothing is written to ${after.name} any more.`);
  if (JSON.stringify(before.settings) !== JSON.stringify(after.settings)) words.push(`${after.name} gets other settings.`);
  return words;
}

/** @param {Draft} draft @param {SiteDevice} device @param {Record<string, string>} secrets @returns {Draft} */
export function withDevice(draft, device, secrets) {
  return { ...draft, devices: [...draft.devices, device], secrets: { ...draft.secrets, ...secrets } };
}

/** @param {Draft} draft @param {number} index @param {Partial<SiteDevice> | null} change  Null: it goes. @returns {Draft} */
export function withChange(draft, index, change) {
  const devices = draft.devices.flatMap((device, at) => (at !== index ? [device] : change ? [{ ...device, ...change }] : []));
  return { ...draft, devices };
}

/** A name nobody has yet. @param {Draft} draft @param {string} wanted */
export function freeName(draft, wanted) {
  const taken = new Set(draft.devices.map(({ name }) => name));
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.has(name)) return name;
  }
}

/** What stands in braces in a URL, to be filled in: "franklinwh://{account}@host/{gateway}". @param {string} url */
export function blanksOf(url) {
  return [...url.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
}

/** @param {string} url @param {Record<string, string>} typed */
export function filled(url, typed) {
  return url.replace(/\{(\w+)\}/g, (blank, name) => (typed[name] ? encodeURIComponent(typed[name]) : blank));
}
