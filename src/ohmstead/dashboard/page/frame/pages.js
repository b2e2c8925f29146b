/**
 * The pages there are, in the order of the navigation. `isMinor`: on a phone, behind "More".
 *
 * @typedef {"home" | "energy" | "devices" | "chargers" | "backup" | "console" | "captures" | "settings" | "more"} Sign
 * @typedef {{page: string, title: string, sign: Sign, isMinor?: boolean, about?: string}} PageEntry
 */

/** @type {PageEntry[]} */
export const ENTRIES = [
  { page: "", title: "Home", sign: "home" },
  { page: "energy", title: "Energy", sign: "energy" },
  { page: "devices", title: "Devices", sign: "devices" },
  { page: "chargers", title: "Charging", sign: "chargers" },
  { page: "backup", title: "Backup", sign: "backup", isMinor: true, about: "Outages, the generator, the car as a source" },
  { page: "console", title: "Console", sign: "console", isMinor: true, about: "What only one family of devices can do" },
  { page: "captures", title: "Captures", sign: "captures", isMinor: true, about: "Record what a device says on the wire" },
  { page: "settings", title: "Settings", sign: "settings", isMinor: true, about: "The site, its devices, who may control them" },
];
/** Pages that belong under another's entry. @type {Record<string, string>} */
const PARENTS = { device: "devices", setup: "settings" };

/** @param {string} page */
export function entryOf(page) {
  return PARENTS[page] ?? page;
}
