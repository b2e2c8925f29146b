/**
 * One day by the minute, with a scrubber.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../home/curve.js").Today} Today
 * @typedef {import("./spans.js").Span} Span
 */
import { html } from "../../vendor/htm-preact.module.js";
import { useAnswer } from "../base/asked.js";
import { fetchDay } from "../home/curve.js";
import { DayPlot } from "../home/day_plot.js";
import { boundsOf, curveStep_s } from "./spans.js";

/** @param {{span: Span, state: State, every_ms: number}} properties  `every_ms`: how often it is read, while it is not over; 0 for one that is. */
export function DayCurves({ span, state, every_ms }) {
  const { site } = state;
  const asked = useAnswer(`day ${span.first}`, () => fetchDay(site, curveStep_s(span), boundsOf(span, site.time_zone)), every_ms);
  const empty = asked.trouble ? `The curves cannot be read now. ${asked.trouble}` : "Nothing is remembered of this day.";
  return html`
    <section class="card curve" aria-labelledby="day-title">
      <h2 id="day-title">Through the day</h2>
      <${DayPlot}
        today=${asked.isAsking ? null : /** @type {Today | null} */ (asked.found)}
        zone=${site.time_zone}
        empty=${asked.isAsking ? "Reading the day…" : empty}
      />
    </section>
  `;
}
