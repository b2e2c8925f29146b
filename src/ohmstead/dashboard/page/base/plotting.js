/**
 * A uPlot drawing that lives with its box: it follows the box's size and the page's colours.
 *
 * @typedef {(colour: ReturnType<typeof palette>) => Omit<uPlot.Options, "width" | "height">} Design
 */
import uPlot from "../../vendor/uPlot.esm.js";

export const FONT = "12px system-ui, sans-serif";

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
    /** Set the cursor on a moment. @param {number} index */
    point(index) {
      if (!plot) return;
      const at_s = plot.data[0][index];
      plot.setCursor({ left: plot.valToPos(at_s, "x"), top: 0 });
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
