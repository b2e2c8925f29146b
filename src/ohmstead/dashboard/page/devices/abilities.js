/**
 * What can be asked of devices, in words: for the button, and for the question that leads up to the value.
 *
 * @typedef {{button: string, ask: string, values?: Record<number, string>}} Ability  `values`: what the only ones mean
 */
import { capital, plain, quantity, words } from "../base/format.js";

/** @type {Record<string, Ability>} */
const ABILITIES = {
  limits_solar: { button: "Limit production", ask: "Limit production to" },
  limits_current: { button: "Limit charging current", ask: "Limit charging to" },
  limits_charger_power: { button: "Limit charging power", ask: "Limit charging to" },
  allows_charging: { button: "Allow or stop charging", ask: "Charging", values: { 1: "Allow charging", 0: "Stop charging" } },
  selects_phases: { button: "Choose phases", ask: "Charge on", values: { 1: "Charge on one phase", 3: "Charge on three phases" } },
  sets_battery_power: { button: "Set battery power", ask: "Set the battery to" },
  limits_charge: { button: "Limit charging", ask: "Limit charging, in capacity an hour, to" },
  limits_discharge: { button: "Limit discharging", ask: "Limit discharging, in capacity an hour, to" },
  sets_reserve: { button: "Set reserve", ask: "Keep in the battery" },
  sets_charge_target: { button: "Set charge target", ask: "Charge from the grid up to" },
  pauses_charge: { button: "Pause charging", ask: "Charging", values: { 1: "Pause charging", 0: "Allow charging" } },
  pauses_discharge: { button: "Pause discharging", ask: "Discharging", values: { 1: "Pause discharging", 0: "Allow discharging" } },
  times_charge: { button: "Use charging times", ask: "Charging", values: { 1: "Charge at the set times", 0: "Charge at any time" } },
  times_discharge: { button: "Use discharging times", ask: "Discharging", values: { 1: "Discharge at the set times", 0: "Discharge at any time" } },
  calibrates: { button: "Calibrate battery", ask: "Calibration", values: { 1: "Calibrate the battery", 0: "Stop calibrating" } },
  sets_clock: { button: "Set clock", ask: "Clock", values: { 1: "Set the clock to the present time" } },
  restarts: { button: "Restart", ask: "Restart", values: { 1: "Restart the device" } },
  switches: { button: "Switch on or off", ask: "Power", values: { 1: "Switch on", 0: "Switch off" } },
  selects_mode: { button: "Choose mode", ask: "Run the battery", values: { 1: "Run by the tariff's times", 2: "Run for self-consumption", 3: "Keep full for an outage" } },
  runs_automatically: { button: "Start by itself", ask: "Start", values: { 1: "Start by itself when needed", 0: "Start only by hand" } },
  leaves_grid: { button: "Leave the grid", ask: "Grid", values: { 1: "Leave the grid", 0: "Return to the grid" } },
};

/** @param {string} ability @returns {Ability} */
export function wordsFor(ability) {
  return ABILITIES[ability] ?? { button: capital(words(ability)), ask: `${capital(words(ability))}:` };
}

/** A whole command, as one would say it. @param {string} ability @param {number} value @param {string} unit */
export function saying(ability, value, unit) {
  const { ask, values } = wordsFor(ability);
  return values?.[value] ?? `${ask} ${plain(value)} ${unit}`.trim();
}

/** A raw call. @param {string} ability @param {string} parameters  As JSON. */
export function sayingCall(ability, parameters) {
  return `${capital(words(ability))} ${parameters === "{}" ? "" : parameters}`.trim();
}

/** A value alone. @param {string} ability @param {import("../types.js").Value} value @param {string} unit */
export function meaning(ability, value, unit) {
  return (typeof value === "number" && wordsFor(ability).values?.[value]) || quantity(value, unit);
}
