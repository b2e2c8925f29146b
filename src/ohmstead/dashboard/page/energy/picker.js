/**
 * Choosing the stretch of time to look at: kinds, one step back or on, a date, and a slider over all that is known.
 *
 * @typedef {import("./spans.js").Span} Span
 * @typedef {import("./spans.js").Kind} Kind
 */
import { dateWords, daysBetween, isDate, plusDays } from "../base/calendar.js";
import { html, useId, useState } from "../base/hooks.js";
import { amend, go } from "../base/routing.js";
import { KINDS, addressOf, moved, spanOn, titleOf } from "./spans.js";

/** @param {{span: Span, today: string, oldest: string}} properties */
export function Picker({ span, today, oldest }) {
  const show = (/** @type {Span} */ next) => go(...addressOf(next));
  const isNewest = span.last > today;
  const focus = today < span.last && today >= span.first ? today : span.first;
  return html`
    <div class="picker">
      <div class="segments" role="group" aria-label="Stretch of time">
        ${KINDS.map(
          ({ kind, title }) => html`<button type="button" key=${kind} aria-pressed=${kind === span.kind} onClick=${() => show(spanOn(kind, focus))}>${title}</button>`,
        )}
      </div>
      <div class="steps">
        <button type="button" class="button is-icon" aria-label="Earlier" onClick=${() => show(moved(span, -1))}>‹</button>
        <h2 aria-live="polite">${titleOf(span)}</h2>
        <button type="button" class="button is-icon" aria-label="Later" disabled=${isNewest} onClick=${() => show(moved(span, 1))}>›</button>
      </div>
      <${Dates} span=${span} today=${today} oldest=${oldest} show=${show} />
    </div>
    <${Slider} span=${span} today=${today} oldest=${oldest} />
  `;
}

/** @param {{span: Span, today: string, oldest: string, show: (span: Span) => void}} properties */
function Dates({ span, today, oldest, show }) {
  const lastDay = plusDays(span.last, -1);
  const known = { min: oldest, max: today };
  if (span.kind !== "range")
    return html`<div class="dates"><${DateField} title="Go to" date=${span.first} ...${known} onPick=${(/** @type {string} */ date) => show(spanOn(span.kind, date))} /></div>`;
  const from = (/** @type {string} */ date) => show({ ...span, first: date, last: date < span.last ? span.last : plusDays(date, 1) });
  const to = (/** @type {string} */ date) => show({ ...span, first: date < span.first ? date : span.first, last: plusDays(date, 1) });
  return html`<div class="dates">
    <${DateField} title="From" date=${span.first} ...${known} max=${lastDay} latest=${lastDay} onPick=${from} />
    <${DateField} title="To" date=${lastDay} ...${known} min=${span.first} earliest=${span.first} onPick=${to} />
  </div>`;
}

/**
 * On the way to a date that is typed lie others: in the year 202, or beyond the other end of the range. They are not
 * taken; once the field is left, what stands there is meant.
 * @param {{title: string, date: string, min: string, max: string, earliest?: string, latest?: string, onPick: (date: string) => void}} properties
 */
function DateField({ title, date, min, max, earliest = "", latest = "~", onPick }) {
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const valueOf = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).value;
  const typing = (/** @type {Event} */ event) => {
    const value = valueOf(event);
    setTyped(value);
    if (isDate(value) && earliest <= value && value <= latest) onPick(value);
  };
  const leave = (/** @type {Event} */ event) => {
    const value = valueOf(event);
    setTyped(null);
    if (isDate(value) && value !== date) onPick(value);
  };
  return html`<label class="date"><span>${title}</span><input type="date" value=${typed ?? date} min=${min} max=${max} onInput=${typing} onBlur=${leave} /></label>`;
}

/** Every day that is known, under one finger. @param {{span: Span, today: string, oldest: string}} properties */
function Slider({ span, today, oldest }) {
  const id = useId();
  const days = daysBetween(oldest, today);
  if (days < 1 || span.kind === "range") return null;
  const at = Math.min(Math.max(daysBetween(oldest, span.first), 0), days);
  const slide = (/** @type {Event} */ event) => {
    const date = plusDays(oldest, Number(/** @type {HTMLInputElement} */ (event.target).value));
    amend(...addressOf(spanOn(span.kind, date)));
  };
  const ends = { day: "numeric", month: "short", year: "numeric" };
  return html`<div class="slider">
    <label for=${id} class="quiet">${dateWords(oldest, /** @type {Intl.DateTimeFormatOptions} */ (ends))}</label>
    <input id=${id} type="range" min="0" max=${days} step="1" value=${at} aria-label="Day" aria-valuetext=${titleOf(span)} onInput=${slide} />
    <span class="quiet">Today</span>
  </div>`;
}
