/**
 * Period by period: above the line what was used and where it came from, below it what was sold.
 *
 * @typedef {import("../types.js").EnergyPeriod} EnergyPeriod
 * @typedef {import("../types.js").Source} Source
 * @typedef {import("./spans.js").Step} Step
 * @typedef {{key: string, role: string, y: number, height: number}} Piece
 */
import { energy } from "../base/format.js";
import { html, useNarrow, useState } from "../base/hooks.js";
import { Table } from "../base/table.js";
import { SOURCES, isUsed, roleOf, sumsOf, taking, totalOf } from "./sums.js";
import { periodTitle } from "./spans.js";

const HEIGHT = 220;
/** On a desk and on a phone, each with so many times below it. */
const [WIDE, NARROW] = [{ width: 960, ticks: 8 }, { width: 400, ticks: 6 }];
const AXIS = 26;
/** Above the highest bar: what it stands for. */
const TOP = 30;

/** @param {{periods: EnergyPeriod[], step: Step, zone: string, titles: string[]}} properties  `titles`: of every period, also of those without energy. */
export function Bars({ periods, step, zone, titles }) {
  const [chosen, setChosen] = useState(/** @type {string | null} */ (null));
  const byTitle = new Map(periods.map((period) => [periodTitle(period.at, step, zone), period]));
  const { above, scale, line } = scaled(periods);
  const { width, ticks } = useNarrow() ? NARROW : WIDE;
  const slot = width / titles.length;
  const sources = taking(SOURCES, periods.flatMap((period) => period.flows.filter(isUsed)), "source");
  const every = Math.ceil(titles.length / ticks);
  return html`
    <figure class="bars">
      <figcaption>
        <ul class="legend">
          ${sources.map((source) => html`<li key=${source} class="role-${roleOf(source)}"><span class="dot"></span>${SOURCES[source]}</li>`)}
          <li class="at">${said(chosen, byTitle)}</li>
        </ul>
      </figcaption>
      <svg viewBox="0 0 ${width} ${HEIGHT + AXIS}" role="img" aria-label="Energy used and sold, period by period; the table below has the numbers" onPointerLeave=${() => setChosen(null)}>
        ${above > 0 && html`<text class="scale" x="0" y=${TOP - 8}>${energy(above)}</text>`}
        ${titles.map((title, index) => {
          const period = byTitle.get(title);
          return html`<g key=${title} class=${chosen === title ? "is-chosen" : ""} onPointerEnter=${() => setChosen(title)}>
            <rect class="slot" x=${index * slot} y="0" width=${slot} height=${HEIGHT} />
            ${period && pieces(period, scale, line).map(({ key, role, y, height }) => html`<rect key=${key} class="piece role-${role}" x=${index * slot + slot * 0.14} y=${y} width=${slot * 0.72} height=${height} rx=${Math.min(2, height / 2)} />`)}
            ${index % every === 0 && html`<text class="tick" x=${index * slot + slot / 2} y=${HEIGHT + 18}>${short(title, step)}</text>`}
          </g>`;
        })}
        <line class="zero" x1="0" x2=${width} y1=${line} y2=${line} />
      </svg>
    </figure>
  `;
}

/** @param {EnergyPeriod[]} periods */
function scaled(periods) {
  const above = Math.max(0, ...periods.map((period) => totalOf(period.flows, isUsed)));
  const below = Math.max(0, ...periods.map((period) => totalOf(period.flows, ({ sink }) => sink === "grid")));
  const scale = (HEIGHT - TOP - 2) / (above + below || 1);
  return { above, scale, line: TOP + above * scale };
}

/** @param {EnergyPeriod} period @param {number} scale @param {number} line @returns {Piece[]} */
function pieces({ flows }, scale, line) {
  /** @type {Piece[]} */
  const made = [];
  let y = line;
  for (const source of taking(SOURCES, flows, "source").reverse()) {
    const height = totalOf(flows, (flow) => flow.source === source && isUsed(flow)) * scale;
    y -= height;
    if (height > 0) made.push({ key: source, role: roleOf(source), y, height });
  }
  const sold = totalOf(flows, ({ sink }) => sink === "grid") * scale;
  return sold > 0 ? [...made, { key: "sold", role: "sold", y: line, height: sold }] : made;
}

/** @param {string | null} title @param {Map<string, EnergyPeriod>} byTitle */
function said(title, byTitle) {
  if (title === null) return "";
  const period = byTitle.get(title);
  if (!period) return `${title}: nothing known`;
  const { used_wh, produced_wh, exported_wh } = sumsOf([period]);
  return `${title}: used ${energy(used_wh)}, produced ${energy(produced_wh)}, sold ${energy(exported_wh)}`;
}

/** @param {string} title @param {Step} step */
function short(title, step) {
  return step === "month" ? title.slice(0, 3) : step === "day" ? title.replace(/^\w+,? /, "") : title;
}

/** The same in numbers. @param {{periods: EnergyPeriod[], step: Step, zone: string}} properties */
export function PeriodTable({ periods, step, zone }) {
  const rows = periods.map((period) => {
    const { used_wh, produced_wh, imported_wh, exported_wh } = sumsOf([period]);
    return { key: period.at, title: periodTitle(period.at, step, zone), cells: [used_wh, produced_wh, imported_wh, exported_wh].map(energy) };
  });
  return html`<details>
    <summary>As a table</summary>
    <${Table} label="Energy by period" heads=${["From", "Used", "Produced", "From the grid", "To the grid"]} rows=${rows} />
  </details>`;
}
