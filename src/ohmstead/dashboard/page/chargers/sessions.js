/**
 * Charging sessions, as the history of a charger's session counter and power shows them. Pure.
 *
 * The counter climbs while a car charges and begins anew with the next car, so a fall ends a session.
 *
 * @typedef {import("../types.js").Point} Point
 * @typedef {{start_ms: number, end_ms: number, energy_wh: number, peak_w: number | null, isOpen: boolean}} Session
 */

/** A counter that falls by less is only noise. */
const FALL_WH = 20;
/** Less than that was a plug put in and taken out. */
const LEAST_WH = 50;

/**
 * @param {Point[]} counter  Of `charger.session_energy_wh`.
 * @param {Point[]} power  Of `charger.power_w`.
 * @param {number} step_s
 * @param {boolean} isCharging  Whether it charges now, so that the last session goes on.
 * @returns {Session[]} Newest first.
 */
export function sessionsOf(counter, power, step_s, isCharging) {
  /** @type {Session[]} */
  const found = [];
  /** @type {Session | null} */
  let session = null;
  let before_wh = 0;
  for (const { at, low, high } of counter) {
    const start_ms = Date.parse(at);
    const end_ms = start_ms + step_s * 1000;
    if (session && low < before_wh - FALL_WH) {
      found.push(session);
      session = null;
    }
    // What is climbing belongs to the session; what stands still is a car that waits, or has gone.
    const base_wh = session ? before_wh : 0;
    if (session && high > base_wh) Object.assign(session, { end_ms, energy_wh: high });
    else if (!session && high > 0) session = { start_ms, end_ms, energy_wh: high, peak_w: null, isOpen: false };
    before_wh = high;
  }
  if (session) found.push({ ...session, isOpen: isCharging });
  return found
    .filter(({ energy_wh }) => energy_wh >= LEAST_WH)
    .map((one) => ({ ...one, peak_w: peak(power, one) }))
    .reverse();
}

/** @param {Point[]} power @param {Session} session */
function peak(power, { start_ms, end_ms }) {
  const during = power.filter(({ at }) => start_ms <= Date.parse(at) && Date.parse(at) < end_ms);
  return during.length ? Math.max(...during.map((point) => point.high)) : null;
}
