/** Joins profiles and configured devices to a catalog, and finds what does not fit together. */
import type { Checked, Fault } from "../core/fault.ts";
import { toDeviceId } from "../core/ids.ts";
import { suggest } from "../core/suggest.ts";
import { Catalog } from "./catalog.ts";
import type { ConfiguredDevice } from "./known-devices.ts";
import { type ListedProfile, listOutline, listProfile } from "./listed-profile.ts";
import type { Matcher } from "./matcher.ts";
import type { DeviceOptions } from "./options.ts";
import { genericProfile, type Profile } from "./profile.ts";
import { compareTemplates } from "./topics/topic-template.ts";

export interface CatalogParts {
  /** Come before `profiles`; one that no message asks for stays unread. */
  readonly listed?: readonly ListedProfile[];
  /** Of two with the same name the later one counts; so it is with equal topics. */
  readonly profiles: readonly Profile[];
  /** Where the topics of several take a message, the first one has it. */
  readonly devices: readonly DeviceOptions[];
  /** Accept devices that no profile describes. */
  readonly generic: boolean;
  /** Topics that are noise at this site. */
  readonly ignore?: readonly string[];
}

/** Fault paths start at the root of the configuration: `devices`, `profiles`. */
export function createCatalog(parts: CatalogParts): Checked<Catalog> {
  const faults: Fault[] = [];
  const all = [...(parts.listed ?? []), ...parts.profiles.map(listProfile)];
  const profiles = new Map(all.map((listed) => [listed.outline.name, listed]));
  for (const [name, listed] of profiles) {
    const from = profiles.get(listed.outline.commandsFrom ?? "");
    if (from !== undefined) profiles.set(name, withCommandsOf(from, listed));
  }
  const configured: ConfiguredDevice[] = [];
  const places = new Map<string, number>();
  for (const [at, device] of parts.devices.entries()) {
    const earlier = places.get(device.id);
    places.set(device.id, earlier ?? at);
    if (earlier !== undefined) faults.push(repeatedDevice(device, at, earlier));
    const listed = profiles.get(device.profile);
    if (listed === undefined) faults.push(unknownProfile(device, at, profiles.keys()));
    else configured.push(configure(device, listed.read()));
  }
  const generic = parts.generic ? profiles.get(genericProfile)?.read() : undefined;
  if (parts.generic && generic === undefined)
    faults.push({
      code: "config.unknown-profile",
      path: ["profiles", "generic"],
      message: `the profile ${genericProfile} is not there`,
    });
  if (faults.length > 0) return { ok: false, faults };
  const matchers = matchersOf([...profiles.values()]);
  const catalog = new Catalog(configured, matchers, generic, parts.ignore ?? []);
  return { ok: true, value: catalog, warnings: [] };
}

function withCommandsOf(from: ListedProfile, { outline, read }: ListedProfile): ListedProfile {
  return listOutline(outline, () => {
    const { commands } = from.read();
    return commands === undefined ? read() : { ...read(), commands };
  });
}

function configure(device: DeviceOptions, profile: Profile): ConfiguredDevice {
  return {
    device: { id: toDeviceId(device.id), word: undefined, profile, configured: device },
    filter: device.topic,
  };
}

/** Sorting keeps the order of equals, so the later profile is put in front first. */
function matchersOf(profiles: readonly ListedProfile[]): Matcher[] {
  const matchers = profiles.toReversed().flatMap((listed) => [
    ...listed.outline.ignored.flatMap((noise) =>
      noise.templates.map((template) => ({ template, devicePrefix: "", listed, noise })),
    ),
    ...listed.outline.devicePrefixes.flatMap((devicePrefix): Matcher[] => [
      ...listed.outline.status.map((status) => ({
        template: status.topic,
        devicePrefix,
        listed,
        status,
      })),
      ...listed.outline.topics.map((template) => ({
        template,
        devicePrefix,
        listed,
        status: undefined,
      })),
    ]),
  ]);
  return matchers.sort(
    (one, other) =>
      compareTemplates(one.template, other.template) ||
      other.devicePrefix.length - one.devicePrefix.length,
  );
}

/** What is missed where a profile of one's own is written and not read. */
const whereOwn = "profiles of your own are read from profiles.folders";

function unknownProfile(device: DeviceOptions, at: number, names: Iterable<string>): Fault {
  const bare = device.profile.replace(/@\d+$/, "");
  const known = [...names];
  const meant = known.includes(bare) ? bare : suggest(device.profile, known);
  return {
    code: "config.unknown-profile",
    path: ["devices", at, "profile"],
    message: `there is no profile "${device.profile}"`,
    hint: meant === undefined ? whereOwn : `did you mean ${meant}? (${whereOwn})`,
  };
}

function repeatedDevice(device: DeviceOptions, at: number, earlier: number): Fault {
  return {
    code: "config.repeated-device",
    path: ["devices", at, "id"],
    message: `device ${device.id} is also devices[${earlier}]`,
    hint: "give every device an id of its own",
  };
}
