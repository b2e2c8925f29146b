/**
 * One day by the minute, with a scrubber.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../home/curve.js").Today} Today
 * @typedef {import("./spans.js").Span} Span
 */
import { html, useEffect, useState } from "../../vendor/htm-preact.module.js";
import { wordsOf } from "../base/api.js";
import { fetchDay } from "../home/curve.js";
import { DayPlot } from "../home/day_plot.js";
import { boundsOf, curveStep_s } from "./spans.js";

/** @param {{span: Span, state: State}} properties */
export function DayCurves({ span, state }) {
  const [day, setDay] = useState(/** @type {{first: string, found: Today | null, trouble: string}} */ ({ first: "", found: null, trouble: "" }));
  const isOpen = state.connection.state === "open";
  const { site } = state;
  useEffect(() => {
    let isWanted = true;
    const set = (/** @type {Today | null} */ found, /** @type {string} */ trouble) => isWanted && setDay({ first: span.first, found, trouble });
    if (isOpen)
      fetchDay(site, curveStep_s(span), boundsOf(span, site.time_zone)).then(
        (found) => set(found, ""),
        (error) => set(null, `The curves cannot be read now. ${wordsOf(error)}`),
      );
    return () => void (isWanted = false);
  }, [span.first, isOpen]);
  const isNew = day.first === span.first;
  return html`
    <section class="card curve" aria-labelledby="day-title">
      <h2 id="day-title">Through the day</h2>
      <${DayPlot}
        today=${isNew ? day.found : null}
        zone=${site.time_zone}
        empty=${isNew ? day.trouble || "Nothing is remembered of this day." : "Reading the day…"}
      />
    </section>
  `;
}
