/**
 * The drawing of the day: uPlot with the page's colours, in the site's time zone.
 *
 * @typedef {import("./curve.js").Today} Today
 * @typedef {import("./day.js").Moment} Moment
 */
import uPlot from "../vendor/uPlot.esm.js";
import { CURVES, hoursOf } from "./day.js";
import { axisWatts, clock } from "./format.js";

const FONT = "12px system-ui, sans-serif";

/**
 * @param {HTMLElement} box
 * @param {string} zone
 * @param {(moment: Moment | null) => void} onHover
 */
export function drawn(box, zone, onHover) {
  /** @type {uPlot | null} */
  let plot = null;
  /** @type {Today | null} */
  let shown = null;

  const build = () => {
    plot?.destroy();
    plot = shown && new uPlot(options(box, zone, hover, () => shown), columns(shown), box);
  };
  const hover = (/** @type {uPlot} */ self) => onHover(shown?.moments[self.cursor.idx ?? -1] ?? null);
  const resize = new ResizeObserver(() => plot?.setSize(size(box)));
  const theme = matchMedia("(prefers-color-scheme: dark)");
  resize.observe(box);
  theme.addEventListener("change", build);
  addEventListener("themechange", build);
  return {
    /** @param {Today} today */
    show(today) {
      shown = today;
      if (plot) plot.setData(columns(today));
      else build();
    },
    remove() {
      resize.disconnect();
      theme.removeEventListener("change", build);
      removeEventListener("themechange", build);
      plot?.destroy();
    },
  };
}

/** @param {Today} today @returns {uPlot.AlignedData} */
function columns({ moments }) {
  return [moments.map((moment) => moment.at_s), ...CURVES.map((role) => moments.map((moment) => moment[role]))];
}

/** @param {Today | null} today @returns {[number, number]} */
function hours(today) {
  return today ? hoursOf(today) : [0, 1];
}

/** @param {HTMLElement} box */
function size(box) {
  return { width: Math.max(box.clientWidth, 200), height: Math.max(box.clientHeight, 160) };
}

/**
 * @param {HTMLElement} box
 * @param {string} zone
 * @param {(self: uPlot) => void} onCursor
 * @param {() => Today | null} today
 * @returns {uPlot.Options}
 */
function options(box, zone, onCursor, today) {
  const colour = palette(box);
  const axis = { stroke: colour("muted"), font: FONT, ticks: { show: false } };
  const grid = { stroke: colour("line"), width: 1 };
  return {
    ...size(box),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    hooks: { setCursor: [onCursor] },
    tzDate: (at_s) => uPlot.tzDate(new Date(at_s * 1000), zone),
    scales: {
      x: { time: true, range: () => hours(today()) },
      y: { range: (_, low, high) => uPlot.rangeNum(Math.min(low ?? 0, 0), Math.max(high ?? 0, 100), 0.08, true) },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 30, space: 64, values: (_, splits) => splits.map((at_s) => clock(at_s * 1000, zone)) },
      { ...axis, grid, size: 64, space: 44, values: (_, splits) => splits.map(axisWatts) },
    ],
    series: [
      {},
      { label: "Solar", stroke: colour("solar"), width: 2, fill: `${colour("solar", 0.16)}`, points: { show: false } },
      { label: "Grid", stroke: colour("grid"), width: 1.5, points: { show: false } },
      { label: "Home", stroke: colour("home"), width: 2, points: { show: false } },
    ],
  };
}

/** The page's colours as a canvas understands them: resolved by the browser, not by us. @param {HTMLElement} box */
function palette(box) {
  return (/** @type {string} */ name, alpha = 1) => {
    const probe = document.createElement("span");
    probe.style.color = alpha === 1 ? `var(--${name})` : `color-mix(in srgb, var(--${name}) ${alpha * 100}%, transparent)`;
    box.append(probe);
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  };
}
