/**
 * Numbers, instants and identifiers in words a person reads. Pure.
 *
 * @typedef {import("../types.js").Value} Value
 */

export const UNKNOWN = "—";
const MINUS = "−";
/** Keeps a number and its unit on one line. */
const SPACE = "\u00a0";

/** @param {number | null | undefined} power_w */
export function watts(power_w) {
  return power_w === null || power_w === undefined ? UNKNOWN : scaled(power_w, ["W", "kW"]);
}

/** @param {number | null | undefined} energy_wh */
export function energy(energy_wh) {
  return energy_wh === null || energy_wh === undefined ? UNKNOWN : scaled(energy_wh, ["Wh", "kWh", "MWh"]);
}

/** In the unit in which it is less than a thousand, also once it is rounded. @param {number} value @param {string[]} units  Each a thousand of the one before. */
function scaled(value, units) {
  let [size, unit] = [Math.abs(value), 0];
  for (; Math.round(size) >= 1000 && unit < units.length - 1; unit++) size /= 1000;
  const text = unit ? decimals(size) : String(Math.round(size));
  return `${value < 0 && text !== "0" ? MINUS : ""}${text}${SPACE}${units[unit]}`;
}

/** On an axis: as short as it is exact. @param {number} power_w */
export function axisWatts(power_w) {
  return Math.abs(power_w) < 1000 ? `${plain(power_w)}${SPACE}W` : `${plain(power_w / 1000)}${SPACE}kW`;
}

/** Two decimals while they say something. @param {number} value */
function decimals(value) {
  const size = Math.abs(value);
  return value.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
}

/** @param {number} value */
export function plain(value) {
  const text = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  return text.replace("-", MINUS);
}

/**
 * A value with the unit the API states for it.
 * @param {Value | undefined} value
 * @param {string} unit
 */
export function quantity(value, unit) {
  if (value === null || value === undefined) return UNKNOWN;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value === "" ? UNKNOWN : value;
  if (unit === "W") return watts(value);
  if (unit === "Wh") return energy(value);
  if (unit === "%") return `${plain(Math.round(value * 10) / 10)}${SPACE}%`;
  return unit ? `${plain(value)}${SPACE}${unit}` : plain(value);
}

/** How long ago, roughly. @param {number} age_s */
export function ago(age_s) {
  return age_s < 2 ? "just now" : `${duration(age_s)} ago`;
}

/** @param {number} span_s */
export function duration(span_s) {
  const whole = Math.max(0, Math.round(span_s));
  if (whole < 60) return `${whole}${SPACE}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}${SPACE}min`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)}${SPACE}h`;
  return `${Math.floor(whole / 86_400)}${SPACE}d`;
}

/**
 * A clock time at the site.
 * @param {number} at_ms
 * @param {string} zone
 * @param {boolean} [seconds]
 */
export function clock(at_ms, zone, seconds = false) {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    ...(seconds ? { second: "2-digit" } : {}),
  }).format(at_ms);
}

/** @param {number} at_ms @param {string} zone */
export function day(at_ms, zone) {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "long",
    day: "numeric",
    month: "long",
  }).format(at_ms);
}

/** "busy_elsewhere" as "busy elsewhere". @param {string} name */
export function words(name) {
  return name.replaceAll("_", " ");
}

/** @param {string} text */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @param {number} amount @param {string} currency  As ISO 4217 writes it. */
export function money(amount, currency) {
  try {
    return new Intl.NumberFormat("en-GB", { style: "currency", currency, currencyDisplay: "narrowSymbol" }).format(amount);
  } catch {
    return `${amount.toFixed(2)}${SPACE}${currency}`.trim();
  }
}

/** @param {number} mass_g */
export function mass(mass_g) {
  return scaled(mass_g, ["g", "kg"]);
}

/** @param {number} size_bytes */
export function bytes(size_bytes) {
  return scaled(size_bytes, ["B", "kB", "MB"]);
}

/** A day and a time at the site. @param {number} at_ms @param {string} zone */
export function moment(at_ms, zone) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(at_ms);
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** What a device says in words; an instant as the site's clocks show it. @param {string} text @param {string} zone */
export function said(text, zone) {
  if (!INSTANT.test(text) || Number.isNaN(Date.parse(text))) return text;
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, dateStyle: "medium", timeStyle: "medium" }).format(Date.parse(text));
}

const UTC = /(?:(\d{4}-\d{2}-\d{2}) )?(\d{2}:\d{2})(?::\d{2})? UTC\b/g;

/** Words with times of UTC in them, as the site's clocks show those. @param {string} text @param {string} zone @param {number} near_ms  On whose day a time is that has none. */
export function inZone(text, zone, near_ms) {
  return text.replace(UTC, (told, date, time) => {
    const at_ms = Date.parse(`${date ?? new Date(near_ms).toISOString().slice(0, 10)}T${time}Z`);
    return Number.isNaN(at_ms) ? told : (date ? moment : clock)(at_ms, zone);
  });
}

/** On an axis of anything. @param {number} value @param {string} unit */
export function axisValue(value, unit) {
  if (unit === "W") return axisWatts(value);
  if (unit === "Wh" && Math.abs(value) >= 1000) return `${plain(value / 1000)}${SPACE}kWh`;
  return unit ? `${plain(value)}${SPACE}${unit}` : plain(value);
}
