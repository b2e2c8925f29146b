/**
 * One signal as a line, its extremes as a shade around it. Steps without a sample are gaps; what is said in words is
 * drawn in stairs.
 *
 * @typedef {import("../types.js").Series} Series
 */
import uPlot from "../../vendor/uPlot.esm.js";
import { dateAt } from "../base/calendar.js";
import { axisValue, clock, moment } from "../base/format.js";
import { html, useEffect, useRef, useState } from "../base/hooks.js";
import { common, plotted } from "../base/plotting.js";
import { cadence_s } from "../home/day.js";

const DAY_S = 86_400;
/** In steps, or in polls of a device that is asked more seldom than that. */
const LONGEST_GAP = 5;

/** @param {{series: Series, zone: string, label: string}} properties */
export function SignalPlot({ series, zone, label }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const shown = useRef(series);
  const plot = useRef(/** @type {ReturnType<typeof plotted> | null} */ (null));
  const [index, setIndex] = useState(/** @type {number | null} */ (null));
  shown.current = series;
  useEffect(() => {
    if (box.current === null) return;
    const made = plotted(box.current, (colour) => design(colour, zone, () => shown.current, setIndex), () => columns(shown.current));
    plot.current = made;
    made.draw();
    return made.remove;
  }, [zone, series.device, series.signal, series.step_s]);
  useEffect(() => plot.current?.draw(), [series]);
  const point = index === null ? null : series.points.find((one) => Date.parse(one.at) / 1000 === columns(series)[0][index]);
  const at = point ? moment(Date.parse(point.at), zone) : "";
  return html`
    <p class="legend"><span class="at">${point ? `${at}: ${meaning(series, point.mean)}` : ""}</span></p>
    <div class="plot is-signal" ref=${box} role="img" aria-label=${label}></div>
  `;
}

/** @param {Series} series @param {number} value */
function meaning({ words, unit }, value) {
  return words[String(Math.round(value))]?.replaceAll("_", " ") ?? axisValue(value, unit);
}

/** @param {Series} series @returns {[number[], (number | null)[], (number | null)[], (number | null)[]]} */
function columns({ points, start, end, step_s }) {
  const [first_s, last_s] = [Date.parse(start) / 1000, Date.parse(end) / 1000];
  const known = new Map(points.map((point) => [Math.round((Date.parse(point.at) / 1000 - first_s) / step_s), point]));
  const steps = Array.from({ length: Math.ceil((last_s - first_s) / step_s) }, (_, index) => index);
  const column = (/** @type {"mean" | "low" | "high"} */ name) => steps.map((step) => known.get(step)?.[name] ?? null);
  const at = steps.map((step) => {
    const point = known.get(step);
    return point ? Date.parse(point.at) / 1000 : first_s + step * step_s;
  });
  return [at, column("mean"), column("low"), column("high")];
}

/**
 * @param {(name: string, alpha?: number) => string} colour
 * @param {string} zone
 * @param {() => Series} series
 * @param {(index: number | null) => void} onHover
 * @returns {Omit<uPlot.Options, "width" | "height">}
 */
function design(colour, zone, series, onHover) {
  const { axis, grid, ...shared } = common(colour, zone);
  const { start, end, words } = series();
  const isLong = Date.parse(end) - Date.parse(start) > 2 * DAY_S * 1000;
  const isInWords = Object.keys(words).length > 0;
  const label = (/** @type {number} */ at_s) => (isLong ? dateAt(at_s * 1000, zone).slice(5) : clock(at_s * 1000, zone));
  const longestGap_s = LONGEST_GAP * Math.max(series().step_s, cadence_s(series().points));
  return {
    ...shared,
    hooks: { setCursor: [(self) => onHover(self.cursor.idx ?? null)] },
    scales: { x: { time: true, range: () => [Date.parse(series().start) / 1000, Date.parse(series().end) / 1000] } },
    axes: [
      { ...axis, grid: { show: false }, size: 30, space: 64, values: (_, splits) => splits.map(label) },
      {
        ...axis,
        grid,
        size: isInWords ? 96 : 72,
        space: 36,
        values: (_, splits) => splits.map((value) => (isInWords ? (words[String(value)] ?? "").replaceAll("_", " ") : axisValue(value, series().unit))),
      },
    ],
    bands: [{ series: [3, 2], fill: colour("accent", 0.16) }],
    series: [
      {},
      {
        stroke: colour("accent"),
        width: 2,
        points: { show: false },
        gaps: (_self, _index, _from, _to, found) => found.filter((gap) => gap[1] - gap[0] > 0 && isGap(_self, gap, longestGap_s)),
        ...(isInWords ? { paths: uPlot.paths.stepped?.({ align: 1 }) } : {}),
      },
      { stroke: "transparent", points: { show: false } },
      { stroke: "transparent", points: { show: false } },
    ],
  };
}

/** A device asked every few minutes has steps without a sample that are no gap. @param {uPlot} plot @param {number[]} gap @param {number} longest_s */
function isGap(plot, [from, to], longest_s) {
  return plot.posToVal(to, "x", true) - plot.posToVal(from, "x", true) > longest_s;
}
