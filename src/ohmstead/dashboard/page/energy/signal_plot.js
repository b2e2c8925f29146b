/**
 * One signal as a line, its extremes as a shade around it. Steps without a sample are gaps; what is said in words is
 * drawn in stairs.
 *
 * @typedef {import("../types.js").Series} Series
 * @typedef {import("../types.js").Gaps} Gaps
 * @typedef {import("../base/gaps.js").Spell} Spell
 */
import uPlot from "../../vendor/uPlot.esm.js";
import { dateAt, dateWords } from "../base/calendar.js";
import { axisValue, clock, moment } from "../base/format.js";
import { GapList, WhyHere } from "../base/gap_list.js";
import { spellsOf, visible } from "../base/gaps.js";
import { html, useEffect, useRef, useState } from "../base/hooks.js";
import { common, hatching, plotted } from "../base/plotting.js";
import { cadence_s } from "../home/day.js";

const DAY_S = 86_400;
/** In steps, or in polls of a device that is asked more seldom than that. */
const LONGEST_GAP = 5;

/** @param {{series: Series, lacking: Gaps | null, zone: string, label: string}} properties  `lacking`: of its device. */
export function SignalPlot({ series, lacking, zone, label }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const spells = spellsOf(lacking?.gaps ?? []);
  const missing = visible(spells, [{ device: series.device, at_s: series.points.map(({ at }) => Date.parse(at) / 1000) }], series.step_s);
  const drawn = { series, missing };
  const shown = useRef(drawn);
  const plot = useRef(/** @type {ReturnType<typeof plotted> | null} */ (null));
  const [index, setIndex] = useState(/** @type {number | null} */ (null));
  shown.current = drawn;
  useEffect(() => {
    if (box.current === null) return;
    const made = plotted(box.current, (colour) => design(colour, zone, () => shown.current, setIndex), () => columns(shown.current));
    plot.current = made;
    made.draw();
    return made.remove;
  }, [zone, series.device, series.signal, series.step_s]);
  useEffect(() => plot.current?.draw(), [series, lacking]);
  const ats_s = columns(drawn)[0];
  const at_s = index === null ? null : ats_s[index];
  const point = at_s === null ? null : series.points.find((one) => Date.parse(one.at) / 1000 === at_s);
  const at = point ? moment(Date.parse(point.at), zone) : "";
  const pointAt = (/** @type {number | null} */ wanted_s) => {
    plot.current?.point(wanted_s === null ? null : Math.max(0, ats_s.findLastIndex((one) => one <= wanted_s)));
  };
  return html`
    <p class="legend"><span class="at">${point ? `${at}: ${meaning(series, point.mean)}` : ""}</span></p>
    <${WhyHere} spells=${missing} at_s=${at_s} zone=${zone} />
    <div class="plot is-signal" ref=${box} role="img" aria-label=${label + (missing.length ? ". What is missing is listed below." : "")}></div>
    <${GapList} spells=${spells} drawn=${missing} zone=${zone} isDated=${isLong(series)} isComplete=${lacking?.is_complete} onPoint=${pointAt} />
  `;
}

/** @param {Series} series @param {number} value */
function meaning({ words, unit }, value) {
  return words[String(Math.round(value))]?.replaceAll("_", " ") ?? axisValue(value, unit);
}

/**
 * A row for each step; and one where something begins to be missing, for the line to end at.
 * @param {{series: Series, missing: Spell[]}} drawn
 * @returns {[number[], (number | null)[], (number | null)[], (number | null)[]]}
 */
function columns({ series: { points, start, end, step_s }, missing }) {
  const [first_s, last_s] = [Date.parse(start) / 1000, Date.parse(end) / 1000];
  const known = new Map(points.map((point) => [Math.round((Date.parse(point.at) / 1000 - first_s) / step_s), point]));
  const steps = Array.from({ length: Math.ceil((last_s - first_s) / step_s) }, (_, index) => index);
  const rows = steps.map((step) => {
    const point = known.get(step) ?? null;
    return { at_s: point ? Date.parse(point.at) / 1000 : first_s + step * step_s, point };
  });
  const taken = new Set(rows.map(({ at_s }) => at_s));
  const cuts = missing.filter(({ start_s }) => start_s > first_s && start_s < last_s && !taken.has(start_s));
  rows.push(...cuts.map(({ start_s }) => ({ at_s: start_s, point: null })));
  rows.sort((one, other) => one.at_s - other.at_s);
  const column = (/** @type {"mean" | "low" | "high"} */ name) => rows.map(({ point }) => point?.[name] ?? null);
  return [rows.map(({ at_s }) => at_s), column("mean"), column("low"), column("high")];
}

/**
 * @param {(name: string, alpha?: number) => string} colour
 * @param {string} zone
 * @param {() => {series: Series, missing: Spell[]}} shown
 * @param {(index: number | null) => void} onHover
 * @returns {Omit<uPlot.Options, "width" | "height">}
 */
function design(colour, zone, shown, onHover) {
  const { axis, grid, ...shared } = common(colour, zone);
  const series = () => shown().series;
  const { words } = series();
  const isInWords = Object.keys(words).length > 0;
  const label = (/** @type {number} */ at_s) => (isLong(series()) ? dateWords(dateAt(at_s * 1000, zone), { day: "numeric", month: "short" }) : clock(at_s * 1000, zone));
  const labels = (/** @type {number[]} */ splits) => splits.map(label).map((text, index, all) => (text === all[index - 1] ? "" : text));
  const longestGap_s = LONGEST_GAP * Math.max(series().step_s, cadence_s(series().points));
  const isCut = (/** @type {number} */ from_s, /** @type {number} */ to_s) =>
    to_s - from_s > longestGap_s || shown().missing.some(({ start_s, end_s }) => start_s < to_s && from_s < end_s);
  return {
    ...shared,
    hooks: { drawClear: [hatching(colour, () => shown().missing)], setCursor: [(self) => onHover(self.cursor.idx ?? null)] },
    scales: { x: { time: true, range: () => [Date.parse(series().start) / 1000, Date.parse(series().end) / 1000] } },
    axes: [
      { ...axis, grid: { show: false }, size: 30, space: 64, values: (_, splits) => labels(splits) },
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
        points: { show: false, size: 5, filter: (self) => alone(self.data[0], self.data[1], isCut) },
        gaps: (self, _index, _from, _to, found) => found.filter(([from, to]) => to > from && isCut(self.posToVal(from, "x", true), self.posToVal(to, "x", true))),
        ...(isInWords ? { paths: uPlot.paths.stepped?.({ align: 1 }) } : {}),
      },
      { stroke: "transparent", points: { show: false } },
      { stroke: "transparent", points: { show: false } },
    ],
  };
}

/** Whether its time is told as days. @param {Series} series */
function isLong({ start, end }) {
  return Date.parse(end) - Date.parse(start) > 2 * DAY_S * 1000;
}

/**
 * Those of the values that no line leads to: they are drawn as points. Pure.
 * @param {ArrayLike<number>} at_s
 * @param {ArrayLike<number | null | undefined>} values
 * @param {(from_s: number, to_s: number) => boolean} isCut  Whether the line is broken between two moments.
 * @returns {number[]} Their indices.
 */
export function alone(at_s, values, isCut) {
  const known = Array.from(values, (value, index) => ({ value, index })).filter(({ value }) => value !== null && value !== undefined);
  const isApart = (/** @type {number} */ one, /** @type {number} */ other) =>
    !known[one] || !known[other] || isCut(at_s[known[one].index], at_s[known[other].index]);
  return known.flatMap(({ index }, nth) => (isApart(nth - 1, nth) && isApart(nth, nth + 1) ? [index] : []));
}
