/**
 * The stretch of time a visitor looks at: a day, week, month, year, or from one date to another. Pure.
 *
 * @typedef {"day" | "week" | "month" | "year" | "range"} Kind
 * @typedef {{kind: Kind, first: string, last: string}} Span  `last`: the date after its last day.
 */
import { dateWords, daysBetween, isDate, midnight, plusDays, plusMonths, weekOf } from "../base/calendar.js";

/** @type {{kind: Kind, title: string}[]} */
export const KINDS = [
  { kind: "day", title: "Day" },
  { kind: "week", title: "Week" },
  { kind: "month", title: "Month" },
  { kind: "year", title: "Year" },
  { kind: "range", title: "Range" },
];
const LONGEST_DAYS = 1830;
const HOUR_MS = 3_600_000;

/** The span of a kind that holds a date. @param {Kind} kind @param {string} date @returns {Span} */
export function spanOn(kind, date) {
  if (kind === "week") return { kind, first: weekOf(date), last: plusDays(weekOf(date), 7) };
  if (kind === "month") return { kind, first: plusMonths(date, 0), last: plusMonths(date, 1) };
  if (kind === "year") return { kind, first: `${date.slice(0, 4)}-01-01`, last: `${Number(date.slice(0, 4)) + 1}-01-01` };
  if (kind === "range") return { kind, first: plusDays(date, -6), last: plusDays(date, 1) };
  return { kind: "day", first: date, last: plusDays(date, 1) };
}

/** As the address says: "month/2026-06-01", "range/2026-06-01/2026-06-10". @param {string[]} rest @param {string} today @returns {Span} */
export function spanOf([kind, first, end], today) {
  const known = KINDS.find((one) => one.kind === kind)?.kind;
  if (!known || !isDate(first)) return spanOn(known ?? "day", today);
  if (known !== "range") return spanOn(known, first);
  if (!isDate(end)) return spanOn("range", first);
  const days = Math.min(Math.max(daysBetween(first, end), 0), LONGEST_DAYS);
  return { kind: "range", first, last: plusDays(first, days + 1) };
}

/** @param {Span} span @returns {string[]} */
export function addressOf({ kind, first, last }) {
  return kind === "range" ? ["energy", kind, first, plusDays(last, -1)] : ["energy", kind, first];
}

/** One span further, or back. @param {Span} span @param {1 | -1} way @returns {Span} */
export function moved(span, way) {
  const { kind, first, last } = span;
  if (kind === "month") return spanOn(kind, plusMonths(first, way));
  if (kind === "year") return spanOn(kind, plusMonths(first, 12 * way));
  const days = daysBetween(first, last) * way;
  return { kind, first: plusDays(first, days), last: plusDays(last, days) };
}

/** @param {Span} span */
export function titleOf({ kind, first, last }) {
  const lastDay = plusDays(last, -1);
  if (kind === "day" || first === lastDay) return dateWords(first, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  if (kind === "month") return dateWords(first, { month: "long", year: "numeric" });
  if (kind === "year") return first.slice(0, 4);
  const isOneYear = first.slice(0, 4) === lastDay.slice(0, 4);
  const start = dateWords(first, { day: "numeric", month: "short", ...(isOneYear ? {} : { year: "numeric" }) });
  return `${start} – ${dateWords(lastDay, { day: "numeric", month: "short", year: "numeric" })}`;
}

/** @typedef {"hour" | "day" | "month"} Step */

/** How finely its energy is told. @param {Span} span @returns {Step} */
export function energyStep({ first, last }) {
  const days = daysBetween(first, last);
  return days <= 2 ? "hour" : days <= 93 ? "day" : "month";
}

/** How finely a curve is told: a day by the minute, a year by the day. @param {Span} span */
export function curveStep_s({ first, last }) {
  const days = daysBetween(first, last);
  return days <= 2 ? 60 : days <= 8 ? 600 : days <= 93 ? 3600 : 86_400;
}

/** The same for the API: its days are the site's, of 23 to 25 hours. @param {Span} span @returns {import("../base/api.js").Query} */
export function curveStep(span) {
  const step_s = curveStep_s(span);
  return step_s === 86_400 ? { step: "day" } : { step_s };
}

/** Its ends for the API. @param {Span} span @param {string} zone */
export function boundsOf({ first, last }, zone) {
  return { start: new Date(midnight(first, zone)).toISOString(), end: new Date(midnight(last, zone)).toISOString() };
}

/** What one of its periods is called. @param {string | number} at @param {Step} step @param {string} zone */
export function periodTitle(at, step, zone) {
  /** @type {Record<Step, Intl.DateTimeFormatOptions>} */
  const options = {
    hour: { hour: "2-digit", minute: "2-digit" },
    day: { weekday: "short", day: "numeric", month: "short" },
    month: { month: "long", year: "numeric" },
  };
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options[step] }).format(new Date(at));
}

/** The start of each period of a span, in ms, whether anything is known of it or not. @param {Span} span @param {Step} step @param {string} zone */
export function periodsOf({ first, last }, step, zone) {
  const starts = [];
  if (step === "hour") {
    const end_ms = midnight(last, zone);
    for (let at_ms = midnight(first, zone); at_ms < end_ms; at_ms += HOUR_MS) starts.push(at_ms);
    return starts;
  }
  const next = (/** @type {string} */ date) => (step === "month" ? plusMonths(date, 1) : plusDays(date, 1));
  for (let date = first; date < last; date = next(date)) starts.push(midnight(date, zone));
  return starts;
}
