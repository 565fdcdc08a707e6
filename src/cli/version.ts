/** `sluicegate version`: what runs, and what it reads and writes. */
import { version } from "../app/version.ts";
import { segmentVersion } from "../buffer/format/segment-header.ts";
import { printAnswer } from "./print-answer.ts";

/** Of profiles, rules, plans and the configuration: what stands in `version:` of their files. */
const fileFormats = { configuration: 1, rules: 1, plans: 1, tests: 1 } as const;

export function printVersions(options: { readonly output: "text" | "json" }): void {
  const { arch, platform, version: node } = process;
  const facts = {
    version,
    node,
    platform: `${platform}-${arch}`,
    /** The newest format of segments that is read. */
    buffer: segmentVersion,
    files: fileFormats,
    api: "v1",
    cloudevents: "1.0",
  };
  printAnswer(options, "version/1", facts, () => [
    `sluicegate ${version}`,
    `node       ${node} on ${facts.platform}`,
    `buffer     segments up to version ${segmentVersion}`,
    `files      configuration, rules, plans and tests of version 1`,
    `API        /api/${facts.api}, events as CloudEvents ${facts.cloudevents}`,
  ]);
}
