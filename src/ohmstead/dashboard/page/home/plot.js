/**
 * The drawing of a day: solar, grid and home, in the site's time zone.
 *
 * @typedef {import("./curve.js").Today} Today
 * @typedef {import("./day.js").Moment} Moment
 */
import uPlot from "../../vendor/uPlot.esm.js";
import { axisWatts, clock } from "../base/format.js";
import { common, hatching, plotted } from "../base/plotting.js";
import { CURVES, hoursOf } from "./day.js";

/**
 * @param {HTMLElement} box
 * @param {string} zone
 * @param {(index: number | null) => void} onHover
 */
export function drawn(box, zone, onHover) {
  /** @type {Today | null} */
  let shown = null;
  const hours = () => /** @type {[number, number]} */ (shown ? hoursOf(shown) : [0, 1]);
  const plot = plotted(
    box,
    (colour) => {
      const { axis, grid, ...shared } = common(colour, zone);
      return {
        ...shared,
        hooks: { drawClear: [hatching(colour, () => shown?.missing ?? [])], setCursor: [(self) => onHover(self.cursor.idx ?? null)] },
        scales: {
          x: { time: true, range: hours },
          y: { range: (_, low, high) => uPlot.rangeNum(Math.min(low ?? 0, 0), Math.max(high ?? 0, 100), 0.08, true) },
        },
        axes: [
          { ...axis, grid: { show: false }, size: 30, space: 64, values: (_, splits) => splits.map((at_s) => clock(at_s * 1000, zone)) },
          { ...axis, grid, size: 64, space: 44, values: (_, splits) => splits.map(axisWatts) },
        ],
        series: [
          {},
          { label: "Solar", stroke: colour("solar"), width: 2, fill: colour("solar", 0.16), points: { show: false } },
          { label: "Grid", stroke: colour("grid"), width: 1.5, points: { show: false } },
          { label: "Home", stroke: colour("home"), width: 2, points: { show: false } },
        ],
      };
    },
    () => shown && columns(shown),
  );
  return {
    ...plot,
    /** @param {Today} today */
    show(today) {
      shown = today;
      plot.draw();
    },
  };
}

/** @param {Today} today @returns {uPlot.AlignedData} */
function columns({ moments }) {
  return [moments.map((moment) => moment.at_s), ...CURVES.map((role) => moments.map((moment) => moment[role]))];
}
