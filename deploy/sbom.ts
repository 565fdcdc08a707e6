/** What is inside, for machines: a bill of materials in CycloneDX 1.6. */
import type { LockedPackage } from "./bundled-packages.ts";

interface Component {
  readonly type: "library";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly scope: "required" | "optional";
  readonly licenses: readonly [{ readonly expression: string }];
  readonly purl: string;
  readonly hashes: readonly { readonly alg: "SHA-512"; readonly content: string }[];
}

/**
 * Says nothing of when and where it was made, so that the same sources give the same bytes.
 * `optional` is installed beside the program where npm can; it is no part of the bundle.
 */
export function sbomOf(
  version: string,
  bundled: readonly LockedPackage[],
  optional: readonly LockedPackage[],
): object {
  const own = purlOf({ name: "sluicegate", version });
  const components = [
    ...bundled.map((one) => componentOf(one, "required")),
    ...optional.map((one) => componentOf(one, "optional")),
  ];
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": own,
        name: "sluicegate",
        version,
        licenses: [{ expression: "Apache-2.0" }],
        purl: own,
      },
    },
    components,
    dependencies: [{ ref: own, dependsOn: components.map((one) => one["bom-ref"]) }],
  };
}

function componentOf(one: LockedPackage, scope: Component["scope"]): Component {
  const purl = purlOf(one);
  const [, digest = ""] = one.integrity.split("sha512-");
  return {
    type: "library",
    "bom-ref": purl,
    name: one.name,
    version: one.version,
    scope,
    licenses: [{ expression: one.license }],
    purl,
    hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }],
  };
}

function purlOf({ name, version }: { readonly name: string; readonly version: string }): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}
