/** What of a message is read by others than metrics. */
import type { Path, Step } from "../paths/path.ts";
import type { MetricMapping, Profile } from "../profile.ts";

/** Paths of the message, or of a member of it. */
export function pathsRead(profile: Profile): Path[] {
  const { devicePaths, identity, metrics, repeat, simulated, times, when, words } = profile;
  return [
    ...devicePaths,
    ...words.flatMap(({ paths }) => paths),
    ...(when === undefined ? [] : [...when.reads, ...when.readsWhole].map(outer)),
    ...times.map(({ path }) => path),
    simulated,
    ...(identity === undefined ? [] : [identity.counter, identity.boot]),
    ...(repeat === undefined ? [] : repeat.by.filter((part) => typeof part === "object")),
    ...metrics.flatMap(pathsBeside),
  ].filter((path) => path !== undefined);
}

/** The unit that the message names, what identifies a probe, what an expression looks at. */
function pathsBeside({ namedUnit, paths: [path], probe, value }: MetricMapping): Path[] {
  return [
    ...(namedUnit === undefined ? [] : [namedUnit.path]),
    ...probe.map((key) => ({ ...path, behind: [key] })),
    ...(value === undefined ? [] : [...value.reads.map(plain), ...value.readsWhole.map(outer)]),
  ];
}

function outer(keys: readonly Step[]): Path {
  return { ...plain(keys), outer: true };
}

function plain(keys: readonly Step[]): Path {
  return { text: "", outer: false, keys, wildcard: "none", behind: [] };
}
