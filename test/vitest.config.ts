import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest begins first, so that no processor waits for it at the end. */
const longest = ["/test/crash/", "/test/flow/"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = longest.findIndex((folder) => moduleId.includes(folder));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

/** The limits only end what hangs: on a busy machine an honest test may take ten times as long. */
export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: "forks",
    // On a machine that checks a change somebody else works, too: what is red is looked at twice, and
    // what only the second look found green is told at the end, to be mended.
    retry: process.env["CI"] ? 1 : 0,
    // Tests wait more than they work.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
});
