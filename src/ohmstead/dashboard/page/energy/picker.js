/**
 * Choosing the stretch of time to look at: kinds, one step back or on, a date, and a slider over all that is known.
 *
 * @typedef {import("./spans.js").Span} Span
 * @typedef {import("./spans.js").Kind} Kind
 */
import { dateWords, daysBetween, plusDays } from "../base/calendar.js";
import { html, useId } from "../base/hooks.js";
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
  const picked = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).value;
  const field = (/** @type {string} */ title, /** @type {string} */ value, /** @type {(date: string) => void} */ onPick) => html`
    <label class="date"><span>${title}</span><input type="date" value=${value} min=${oldest} max=${today} onChange=${(/** @type {Event} */ event) => picked(event) && onPick(picked(event))} /></label>
  `;
  if (span.kind !== "range") return html`<div class="dates">${field("Go to", span.first, (date) => show(spanOn(span.kind, date)))}</div>`;
  return html`<div class="dates">
    ${field("From", span.first, (date) => show({ ...span, first: date, last: date < span.last ? span.last : plusDays(date, 1) }))}
    ${field("To", lastDay, (date) => show({ ...span, first: date < span.first ? date : span.first, last: plusDays(date, 1) }))}
  </div>`;
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
