/** How a gateway calls simulated devices: their profiles put this in front of their own names. */
const familyPrefix = "sim-";

/** `sim-freezer-01` for the device `freezer-01`. */
export function idOfSimulated(name: string): string {
  return familyPrefix + name;
}

/** The own name of a device that an event is of. */
export function nameOfSimulated(id: string): string {
  return id.startsWith(familyPrefix) ? id.slice(familyPrefix.length) : id;
}
