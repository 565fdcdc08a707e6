import manifest from "../../package.json" with { type: "json" };

/** The version of this program, as package.json has it. */
export const version: string = manifest.version;

/**
 * A moment that is certainly past wherever this program runs. A clock that shows an earlier time
 * has not been set yet. To be moved forward with each release.
 */
export const releasedMs = Date.UTC(2026, 10, 1);
