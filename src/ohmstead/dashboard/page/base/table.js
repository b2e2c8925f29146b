/**
 * Rows and columns. On a phone a row is a block, so that nothing stands out of sight, and its cells say their columns.
 *
 * @typedef {string | {text: unknown, kind: string}} Cell  `kind`: what the style knows it by.
 * @typedef {{key: string | number, title: unknown, cells: Cell[]}} Row
 */
import { html } from "../../vendor/htm-preact.module.js";

/**
 * Roles are stated, since some browsers forget a table's once its rows are blocks.
 * @param {{label: string, kind?: string, heads: string[], rows: Row[], sums?: Row, isPlain?: boolean}} properties  `heads`: the first is that of the titles. `isPlain`: the cells are understood without theirs.
 */
export function Table({ label, kind = "", heads, rows, sums, isPlain = false }) {
  const [first, ...columns] = heads;
  const said = isPlain ? [] : columns;
  return html`
    <div class="scroll ${kind}" tabindex="0" role="region" aria-label=${label}>
      <table role="table">
        <thead role="rowgroup">
          <tr role="row"><th role="columnheader" scope="col">${first}</th>${columns.map((column) => html`<th key=${column} role="columnheader" scope="col">${column}</th>`)}</tr>
        </thead>
        <tbody role="rowgroup">${rows.map((row) => html`<${RowView} key=${row.key} ...${row} said=${said} />`)}</tbody>
        ${sums && html`<tfoot role="rowgroup"><${RowView} ...${sums} said=${said} /></tfoot>`}
      </table>
    </div>
  `;
}

/** @param {{title: unknown, cells: Cell[], said: string[]}} properties  `said`: the column of each cell, if it is to be said. */
function RowView({ title, cells, said }) {
  return html`<tr role="row">
    <th role="rowheader" scope="row">${title}</th>
    ${cells.map((cell, index) => {
      const { text, kind } = typeof cell === "string" ? { text: cell, kind: "" } : cell;
      return html`<td key=${index} role="cell" class=${kind}>${said[index] && html`<span class="column">${said[index]} </span>`}${text}</td>`;
    })}
  </tr>`;
}
