/** Messages read by one profile that somebody names, whatever the profiles in force say. */
import { RequestProblem } from "../../../api/problem.ts";
import type { LoadedSite } from "../../../config/site/load-site.ts";
import { suggest } from "../../../core/suggest.ts";
import type { Normalize } from "../../../gateway/rejected/read-again.ts";
import { createCatalog } from "../../../normalize/create-catalog.ts";
import { createNormalizer } from "../../../normalize/normalizer.ts";

/** The site as its files were read last. */
export type SiteNow = () => Pick<LoadedSite, "config" | "profiles">;

/** File of a profile that is in force, by its name with version. */
export function fileOfProfile(site: SiteNow, id: string): string | undefined {
  for (const [profile, file] of site().profiles) if (profile.id === id) return file;
  return undefined;
}

/** Rejects with a `RequestProblem` where there is no such profile. */
export function tryingProfile(site: SiteNow, name: string): Normalize {
  const { config, profiles } = site();
  const bare = name.replace(/@\d+$/, "");
  const all = [...profiles.keys()];
  const profile = all.find((one) => one.name === bare);
  if (profile === undefined) {
    const meant = suggest(
      bare,
      all.map((one) => one.name),
    );
    throw new RequestProblem({
      status: 404,
      code: "not-found",
      title: `there is no profile ${name}`,
      advice: meant ? `did you mean ${meant}?` : "sluicegate profile ls lists them",
    });
  }
  const device = { id: "example", profile: bare, topic: "#", tags: {}, attrs: {} };
  const catalog = createCatalog({ profiles: [profile], devices: [device], generic: false });
  if (!catalog.ok)
    throw new RequestProblem({
      status: 409,
      code: "profile.invalid",
      title: catalog.faults.map(({ message }) => message).join("; "),
    });
  return createNormalizer({
    catalog: catalog.value,
    maxSkewMs: config.time.max_skew,
    maxAgeMs: config.time.max_age,
    maxRejectedBytes: 0,
  });
}
