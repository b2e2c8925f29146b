/**
 * A uPlot drawing that lives with its box: it follows the box's size and the page's colours.
 *
 * @typedef {import("./gaps.js").Spell} Spell
 * @typedef {(colour: ReturnType<typeof palette>) => Omit<uPlot.Options, "width" | "height">} Design
 */
import uPlot from "../../vendor/uPlot.esm.js";

export const FONT = "12px system-ui, sans-serif";
/** Of the hatch, in CSS pixels. */
const FOOT = 12;
const TILE = 7;
const NARROWEST = 2;
/** Where uPlot's cursor is while there is none. */
const AWAY = { left: -10, top: -10 };

/**
 * @param {HTMLElement} box
 * @param {Design} design  Asked again when the colours change.
 * @param {() => uPlot.AlignedData | null} data
 */
export function plotted(box, design, data) {
  /** @type {uPlot | null} */
  let plot = null;
  const build = () => {
    plot?.destroy();
    const found = data();
    plot = found && new uPlot({ ...size(box), ...design(palette(box)) }, found, box);
  };
  const resize = new ResizeObserver(() => plot?.setSize(size(box)));
  const theme = matchMedia("(prefers-color-scheme: dark)");
  resize.observe(box);
  theme.addEventListener("change", build);
  addEventListener("themechange", build);
  return {
    draw() {
      const found = data();
      if (plot && found) plot.setData(found);
      else build();
    },
    /** Set the cursor on a moment; for none, take it away: else it would be told again with the next data. @param {number | null} index */
    point(index) {
      if (plot) plot.setCursor(index === null ? AWAY : { left: plot.valToPos(plot.data[0][index], "x"), top: 0 });
    },
    remove() {
      resize.disconnect();
      theme.removeEventListener("change", build);
      removeEventListener("themechange", build);
      plot?.destroy();
    },
  };
}

/** @param {HTMLElement} box */
function size(box) {
  return { width: Math.max(box.clientWidth, 200), height: Math.max(box.clientHeight, 160) };
}

/** What every drawing shares. @param {ReturnType<typeof palette>} colour @param {string} zone */
export function common(colour, zone) {
  return {
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    tzDate: (/** @type {number} */ at_s) => uPlot.tzDate(new Date(at_s * 1000), zone),
    axis: { stroke: colour("muted"), font: FONT, ticks: { show: false } },
    grid: { stroke: colour("line"), width: 1 },
  };
}

/**
 * What is missing, behind the curves: a hatch over the whole height where nothing is known, at the foot where only some is.
 * @param {(name: string, alpha?: number) => string} colour
 * @param {() => Spell[]} spells
 * @returns {(plot: uPlot) => void}  For uPlot's `drawClear`.
 */
export function hatching(colour, spells) {
  const [shade, stroke] = [colour("muted", 0.1), colour("muted", 0.45)];
  return (plot) => {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    const path = new Path2D();
    for (const { start_s, end_s, isPart } of spells()) {
      const from = Math.max(plot.valToPos(start_s, "x", true), bbox.left);
      const to = Math.min(Math.max(plot.valToPos(end_s, "x", true), from + NARROWEST * ratio), bbox.left + bbox.width);
      const height = isPart ? FOOT * ratio : bbox.height;
      if (to > from) path.rect(from, bbox.top + bbox.height - height, to - from, height);
    }
    ctx.save();
    ctx.fillStyle = shade;
    ctx.fill(path);
    ctx.fillStyle = ctx.createPattern(tile(stroke, ratio), "repeat") ?? shade;
    ctx.fill(path);
    ctx.restore();
  };
}

/** One piece of the hatch; its lines meet at the edges. @param {string} stroke @param {number} ratio */
function tile(stroke, ratio) {
  const size = Math.round(TILE * ratio);
  const made = new OffscreenCanvas(size, size);
  const ctx = made.getContext("2d");
  if (ctx === null) return made;
  ctx.strokeStyle = stroke;
  ctx.lineWidth = ratio;
  ctx.beginPath();
  for (const shift of [-size, 0, size]) {
    ctx.moveTo(shift - size * 0.5, size * 1.5);
    ctx.lineTo(shift + size * 1.5, -size * 0.5);
  }
  ctx.stroke();
  return made;
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
