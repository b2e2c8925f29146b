/**
 * How a device is, and what its numbers are called, in words. Pure.
 *
 * @typedef {import("../types.js").Device} Device
 * @typedef {import("../types.js").Reading} Reading
 * @typedef {import("../types.js").Rejected} Rejected
 * @typedef {"good" | "wait" | "bad" | "rest"} Tone
 */
import { capital, quantity, words } from "../base/format.js";

/** @type {Record<string, {text: string, tone: Tone}>} */
const HEALTH = {
  starting: { text: "Starting", tone: "wait" },
  good: { text: "Good", tone: "good" },
  stale: { text: "One poll missed", tone: "wait" },
  unreachable: { text: "Not reachable", tone: "bad" },
  busy_elsewhere: { text: "Busy with another program", tone: "wait" },
  refused: { text: "Refuses us", tone: "bad" },
  failing: { text: "Answers make no sense", tone: "bad" },
  asleep: { text: "Asleep until the sun is back", tone: "rest" },
};
/** How the last part of a field's name says its unit. @type {Record<string, string>} */
const UNITS = { w: "W", wh: "Wh", v: "V", a: "A", hz: "Hz", c: "°C", pct: "%" };
/** Where the name of a field alone says too little. @type {Record<string, string>} */
const TITLES = { energy: "total energy", imported: "total imported", exported: "total exported", soc: "charge level", vehicle_soc: "car’s charge level" };
/** What one looks for first. */
const WEIGHTY = ["power_w", "soc_pct", "state", "connected", "running", "session_energy_wh", "vehicle_soc_pct", "limit_a", "energy_wh"];
const NOT_FIGURES = new Set(["type", "device", "at", "quality"]);

/** @param {Device} device */
export function healthOf({ health }) {
  return HEALTH[health] ?? { text: capital(words(health)), tone: /** @type {Tone} */ ("wait") };
}

/** A device without a name of its own goes by its source's; then the model tells it from its siblings. @param {Device} device */
export function titleOfDevice({ id, source, name, model }) {
  if (name.startsWith(`${source} `)) return `${source} · ${name.slice(source.length + 1)}`;
  if (name && name !== source) return name;
  return [source, id === source ? "" : words(model) || id].filter(Boolean).join(" · ");
}

/** Make, model, serial and firmware, as far as they are known. @param {Device} device @param {string} title */
export function about({ family_title, model, serial, firmware }, title) {
  return [
    family_title,
    title.endsWith(words(model)) ? "" : words(model),
    serial && `serial ${serial}`,
    firmware && `firmware ${firmware}`,
  ].filter(Boolean);
}

/** @param {string} field */
export function unitOf(field) {
  return UNITS[field.split("_").at(-1) ?? ""] ?? "";
}

/** What a field of a reading is called. @param {string} field @param {string} [type]  The reading's, where there are several. */
export function titleOfField(field, type) {
  const bare = (unitOf(field) ? field.split("_").slice(0, -1) : field.split("_")).join(" ");
  const name = TITLES[bare] ?? TITLES[bare.replaceAll(" ", "_")] ?? bare;
  return capital(type ? `${words(type)} ${name}` : name);
}

/** "battery.soc_pct" as "Battery charge level". @param {string} signal */
export function titleOfSignal(signal) {
  const [type = "", field = ""] = signal.split(".");
  return titleOfField(field, type);
}

/** What was not believed, and nothing in its place since. @param {Device} device */
export function doubtedOf({ readings, rejected }) {
  return rejected.filter(({ field, at }) => {
    const [type, name = ""] = field.split(".");
    const believed = readings.find((reading) => reading.type === type && (reading[name] ?? null) !== null);
    return !believed || Date.parse(believed.at) <= Date.parse(at);
  });
}

/** The value itself, with its unit; as it came, where it is no number. @param {Rejected} rejected */
export function doubtedValue({ field, value }) {
  return Number.isFinite(Number(value)) ? quantity(Number(value), unitOf(field)) : value;
}

/** Those that were not believed for the same reason are told together. @param {Rejected[]} rejected */
export function alike(rejected) {
  /** @type {Map<string, Rejected[]>} */
  const groups = new Map();
  for (const one of rejected) {
    const key = `${one.field} ${one.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** Every number a device states as ours. @param {Device} device */
export function figuresOf({ readings }) {
  return readings.flatMap((reading) =>
    Object.entries(reading)
      .filter(([field, value]) => !NOT_FIGURES.has(field) && value !== null)
      .map(([field, value]) => ({ reading, field, value })),
  );
}

/** Those that matter most in front, else as they come. @param {ReturnType<typeof figuresOf>} figures */
export function byWeight(figures) {
  const rank = (/** @type {string} */ field) => (WEIGHTY.includes(field) ? WEIGHTY.indexOf(field) : WEIGHTY.length);
  return [...figures].sort((one, other) => rank(one.field) - rank(other.field));
}
