import type { Check } from "../check.ts";
import { error, ok } from "../finding.ts";

/** As `engines` in package.json has it. */
const oldest = [20, 19] as const;

export const nodeVersion: Check = {
  id: "node.version",
  group: "machine",
  asks: "whether Node is new enough",
  explanation:
    "Older versions lack what the program is built on: it may start and fail later. Install Node 20.19, 22, 24 or newer, from nodejs.org or from the packages of your system.",
  async run({ nodeVersion: version }) {
    const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
    const isOld =
      Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1]);
    if (!isOld) return [ok(`${version} ${process.arch}`)];
    return [
      error({
        what: `${version}, and ${oldest.join(".")} is the oldest that it runs on`,
        why: "it may start, and fail later",
        next: `install Node ${oldest[0]}, 22 or 24: node --version`,
      }),
    ];
  },
};
