/**
 * Why a bar may be low, and the next one high: what flows while nobody answers is booked when the counters are heard again.
 *
 * @typedef {import("../types.js").Gap} Gap
 * @typedef {import("../types.js").Gaps} Gaps
 * @typedef {import("./spans.js").Span} Span
 */
import { useAsked } from "../base/asked.js";
import { duration } from "../base/format.js";
import { spellsOf } from "../base/gaps.js";
import { html } from "../base/hooks.js";
import { boundsOf } from "./spans.js";

const AGAIN_MS = 60_000;
/** Energy is booked by the quarter-hour: what is shorter moves next to nothing. */
const SHORTEST_S = 900;
const list = new Intl.ListFormat("en-GB");

/** @param {{span: Span, zone: string}} properties */
export function Unheard({ span, zone }) {
  const found = /** @type {Gaps | null} */ (useAsked("gaps", boundsOf(span, zone), AGAIN_MS).found);
  const words = found && unheard(found);
  return words && html`<p class="quiet unheard">${words} What flowed meanwhile is in the first bar after that.</p>`;
}

/** Of which sources nothing was heard, and for how long in all; empty, where there are none. @param {Gaps} found */
export function unheard({ gaps, is_complete }) {
  /** @type {Map<string, number>} */
  const lengths_s = new Map();
  for (const { source, start_s, end_s } of spellsOf(gaps.filter(({ asleep }) => !asleep)))
    if (end_s - start_s >= SHORTEST_S) lengths_s.set(source, (lengths_s.get(source) ?? 0) + end_s - start_s);
  if (!lengths_s.size) return "";
  /** @type {Map<string, string[]>} */
  const sources = new Map();
  for (const [source, length_s] of [...lengths_s].sort(([, one_s], [, other_s]) => other_s - one_s))
    sources.set(duration(length_s), [...(sources.get(duration(length_s)) ?? []), source]);
  const said = [...sources].map(([length, names]) => `of ${list.format(names)} for ${is_complete ? "" : "at least "}${length}`);
  return `Nothing was heard ${said.join("; ")}.`;
}
