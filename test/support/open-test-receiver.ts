import { readFile } from "node:fs/promises";
import { systemClock } from "../../src/app/system-clock.ts";
import { createPoster } from "../../src/notify/http-post.ts";
import { openReceiver } from "../../src/notify/open-receiver.ts";
import { notifyOptions } from "../../src/notify/options.ts";
import type { Receiver } from "../../src/notify/receiver.ts";
import type { ReceiverSurroundings } from "../../src/notify/receiver-kind.ts";

/** The receiver of an entry as it stands in a configuration. */
export function openTestReceiver(
  entry: object,
  surroundings: Partial<ReceiverSurroundings> = {},
): Promise<Receiver> {
  const { receivers } = notifyOptions.parse({ receivers: { tested: entry } });
  const options = receivers["tested"];
  if (options === undefined) throw new Error("there is no receiver");
  return openReceiver(options, {
    clock: systemClock,
    out: () => {},
    readSecret: async () => ({ reveal: () => "s3cret" }),
    createPoster,
    readText: (path) => readFile(path, "utf8"),
    ...surroundings,
  });
}
