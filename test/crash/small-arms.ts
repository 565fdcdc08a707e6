import { describe, expect, it } from "vitest";
import { arms } from "../faults/arms.ts";
import { runArm } from "../faults/run-arm.ts";

/** Of this many files each runs its share, side by side. */
const shares = 3;

/**
 * Declares a share of the arms of the campaign, with their smallest figures; what cannot run here is
 * skipped by name.
 */
export function declareSmallArms(share: 0 | 1 | 2): void {
  const small = arms
    .filter(({ figures }) => figures.small > 0)
    .filter((_, at) => at % shares === share);
  describe.each(small.map((arm) => [arm.goal, arm] as const))("%s", (_, arm) => {
    it(arm.title, { timeout: 800_000 }, async (context) => {
      const missing = await arm.missing();
      context.skip(missing !== undefined, missing);
      let harmed = false;
      // A control that a small figure left unharmed by chance gets a second one; the arm itself must
      // hold each time.
      for (let trial = 0; trial < 2 && !harmed; trial += 1) {
        const result = await runArm(arm, arm.figures.small, (text) =>
          console.info(`${arm.goal} ${text}`),
        );
        console.info(result);
        expect(result, result.notes.join("; ")).toMatchObject({
          ok: true,
          duplicated: 0,
          reordered: 0,
        });
        expect([0, result.declaredLost], "lost and not declared").toContain(result.lost);
        harmed = result.control !== "unharmed";
      }
      expect(harmed, "the control shows no harm").toBe(true);
    });
  });
}
