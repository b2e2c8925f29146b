/**
 * Days as the site's calendar has them: "2026-06-25". A day may have 23 or 25 hours. Pure.
 */
const DAY_MS = 86_400_000;

/** The site's date at an instant. @param {number} at_ms @param {string} zone */
export function dateAt(at_ms, zone) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at_ms);
}

/** When a day begins at the site, in ms. @param {string} date @param {string} zone */
export function midnight(date, zone) {
  const asUtc_ms = Date.parse(`${date}T00:00:00Z`);
  const guess_ms = asUtc_ms - offset_ms(asUtc_ms, zone);
  // The offset just found may be that of the other side of a change of the clocks.
  return asUtc_ms - offset_ms(guess_ms, zone);
}

/** How far a zone's clocks are ahead of UTC. @param {number} at_ms @param {string} zone */
function offset_ms(at_ms, zone) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at_ms);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  const shown_ms = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
  return shown_ms - Math.floor(at_ms / 1000) * 1000;
}

/** @param {string} date @param {number} days */
export function plusDays(date, days) {
  const at_ms = Date.parse(`${date}T00:00:00Z`) + days * DAY_MS;
  return Number.isNaN(at_ms) ? "" : new Date(at_ms).toISOString().slice(0, 10);
}

/** The first of a month, some months on. @param {string} date @param {number} months */
export function plusMonths(date, months) {
  const [year, month] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

/** @param {string} first @param {string} last */
export function daysBetween(first, last) {
  return Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY_MS);
}

/** Monday of the week. @param {string} date */
export function weekOf(date) {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return plusDays(date, -((weekday + 6) % 7));
}

/** Of this millennium: nothing is recorded from before. @param {string | undefined} text */
export function isDate(text) {
  return text !== undefined && /^2\d{3}-\d{2}-\d{2}$/.test(text) && plusDays(text, 0) === text;
}

/** @param {string} zone  As the IANA names it. */
export function isZone(zone) {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: zone }));
  } catch {
    return false;
  }
}

/** A date in words. @param {string} date @param {Intl.DateTimeFormatOptions} options */
export function dateWords(date, options) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(Date.parse(`${date}T00:00:00Z`));
}
