/** A profile as the catalog lists it: by its topics. The rest of it is made once a message asks for it. */
import type { Profile } from "./profile.ts";

/** What tells which topics a profile takes, and how its devices are called. Plain JSON. */
export type ProfileOutline = Pick<
  Profile,
  "name" | "naming" | "topics" | "devicePrefixes" | "ignored" | "status" | "commandsFrom"
>;

export interface ListedProfile {
  readonly outline: ProfileOutline;
  /** The whole profile; the same object each time. */
  readonly read: () => Profile;
}

export function outlineOf(profile: Profile): ProfileOutline {
  const { commandsFrom, devicePrefixes, ignored, name, naming, status, topics } = profile;
  return {
    ...{ name, naming, topics, devicePrefixes, ignored, status },
    ...(commandsFrom !== undefined && { commandsFrom }),
  };
}

/** One that is whole already. */
export function listProfile(profile: Profile): ListedProfile {
  return { outline: outlineOf(profile), read: () => profile };
}

/** `make` is asked once, for a profile of this outline. */
export function listOutline(outline: ProfileOutline, make: () => Profile): ListedProfile {
  let profile: Profile | undefined;
  return {
    outline,
    read() {
      profile ??= make();
      return profile;
    },
  };
}
