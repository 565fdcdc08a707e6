import type { BundledPackage } from "./bundled-packages.ts";

/** Who wrote what is in the bundle besides us, and the terms that go with it. */
export function thirdPartyNotices(packages: readonly BundledPackage[]): string {
  const parts = packages.map(({ license, name, texts, version }) => {
    const title = `${name} ${version} (${license})`;
    return `${title}\n${"-".repeat(title.length)}\n\n${texts.join("\n\n")}\n`;
  });
  return `What the bundle of sluicegate is made of, besides its own code.\n\n${parts.join("\n\n")}`;
}
