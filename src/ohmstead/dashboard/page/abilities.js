/** What can be asked of devices, in words: for the button, and for the question that leads up to the value. */
import { capital, words } from "./format.js";

/** @type {Record<string, {button: string, ask: string}>} */
const ABILITIES = {
  limits_solar: { button: "Limit production", ask: "Limit production to" },
  limits_current: { button: "Limit charging current", ask: "Limit charging to" },
  sets_battery_power: { button: "Set battery power", ask: "Set the battery to" },
  limits_charge: { button: "Limit charging", ask: "Limit charging, in capacity an hour, to" },
  limits_discharge: { button: "Limit discharging", ask: "Limit discharging, in capacity an hour, to" },
  sets_reserve: { button: "Set reserve", ask: "Keep in the battery" },
  sets_charge_target: { button: "Set charge target", ask: "Charge from the grid up to" },
  pauses_charge: { button: "Pause charging", ask: "Pause charging (1) or not (0):" },
  pauses_discharge: { button: "Pause discharging", ask: "Pause discharging (1) or not (0):" },
  times_charge: { button: "Use charging times", ask: "Charging times hold (1) or not (0):" },
  times_discharge: { button: "Use discharging times", ask: "Discharging times hold (1) or not (0):" },
  calibrates: { button: "Calibrate battery", ask: "Calibrate (1) or stop calibrating (0):" },
  sets_clock: { button: "Set clock", ask: "Set the clock to the present time (1):" },
  restarts: { button: "Restart", ask: "Restart the device (1):" },
};

/** @param {string} ability */
export function wordsFor(ability) {
  return ABILITIES[ability] ?? { button: capital(words(ability)), ask: `${capital(words(ability))}:` };
}
