import { describe, expect, it } from "vitest";
import { arms } from "../faults/arms.ts";

/** The arms of the campaign with their smallest figures; what cannot run here is skipped by name. */
describe.each(
  arms.filter(({ figures }) => figures.small > 0).map((arm) => [arm.goal, arm] as const),
)("%s", (_, arm) => {
  it(arm.title, { timeout: 180_000 }, async (context) => {
    const missing = await arm.missing();
    context.skip(missing !== undefined, missing);
    const result = await arm.run(arm.figures.small, (text) => console.info(`${arm.goal} ${text}`));
    console.info(result);
    expect(result.control).not.toBe("unharmed");
    expect(result).toMatchObject({
      ok: true,
      lost: result.declaredLost,
      duplicated: 0,
      reordered: 0,
    });
  });
});
