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

/** @param {{span: Span, state: State, every_ms: number}} properties  `every_ms`: how often it is read, while it is not over; 0 for one that is. */
export function DayCurves({ span, state, every_ms }) {
  const [day, setDay] = useState(/** @type {{first: string, found: Today | null, trouble: string}} */ ({ first: "", found: null, trouble: "" }));
  const [turn, setTurn] = useState(0);
  const isOpen = state.connection.state === "open";
  const { site } = state;
  useEffect(() => {
    if (!isOpen) return;
    let isWanted = true;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    fetchDay(site, curveStep_s(span), boundsOf(span, site.time_zone))
      .then(
        (found) => isWanted && setDay({ first: span.first, found, trouble: "" }),
        (error) =>
          isWanted &&
          setDay((before) => ({
            first: span.first,
            found: before.first === span.first ? before.found : null,
            trouble: `The curves cannot be read now. ${wordsOf(error)}`,
          })),
      )
      .finally(() => {
        if (isWanted && every_ms) timer = setTimeout(() => setTurn((count) => count + 1), every_ms);
      });
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [span.first, isOpen, turn, every_ms]);
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
