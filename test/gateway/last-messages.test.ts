import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { toSeq } from "../../src/core/ids.ts";
import type { MessageAttributes, RawMessage } from "../../src/core/message.ts";
import { LastMessages } from "../../src/gateway/last-messages.ts";
import { LastMessagesFile, readLastMessages } from "../../src/gateway/last-messages-file.ts";
import { silentLogger } from "../support/silence.ts";
import { tempFolder } from "../support/temp-folder.ts";

function message(address: string, text: string, attributes: MessageAttributes): RawMessage {
  const payload = Buffer.from(text);
  const from = { source: "test", client: undefined, device: undefined };
  return { ...from, address, payload, receivedMs: 0, attributes };
}

const live = { relay: "live" } as const;
const either = { relay: "either" } as const;
const retained = { retained: true } as const;

/** The memory of a gateway over its data folder, and a log whose commits the test makes. */
async function memory(folder: string) {
  let seq = 0;
  let durable = 0;
  const listeners = new Set<() => void>();
  const log = {
    get durableSeq() {
      return toSeq(durable);
    },
    onDurable(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const last = new LastMessages(await readLastMessages(nodeDisk, folder), {
    remembered: (one, at) => file.add(one, at),
  });
  const deps = { disk: nodeDisk, folder, logger: silentLogger, log, all: () => last.all() };
  const file = new LastMessagesFile(deps);
  /** `copy`, or `new` and then stored. */
  const send = (one: RawMessage): string => {
    const read = last.read(one);
    if (read === undefined) return "new";
    if (last.isCopy(one, read)) return "copy";
    seq += 1;
    last.remember(read, toSeq(seq));
    return "new";
  };
  const commit = (): void => {
    durable = seq;
    for (const listener of listeners) listener();
  };
  return { commit, file, send };
}

test("what a broker had kept is stored once, and again when it is another", async () => {
  const { send } = await memory(await tempFolder());
  expect(send(message("a", "1", retained))).toBe("new");
  expect(send(message("a", "1", retained))).toBe("copy");
  expect(send(message("b", "1", retained))).toBe("new");
  expect(send(message("a", "2", live))).toBe("new");
  expect(send(message("a", "2", retained))).toBe("copy");
  expect(send(message("a", "1", retained))).toBe("new");
});

test("what is said now is stored, however often it is the same", async () => {
  const { send } = await memory(await tempFolder());
  for (const attributes of [live, live, {}, {}])
    expect(send(message("a", "1", attributes))).toBe("new");
  expect(send(message("a", "1", either))).toBe("copy");
  expect(send(message("a", "1", live))).toBe("new");
});

test("a start knows what is on disk, killed or stopped, and nothing of what is not", async () => {
  const folder = await tempFolder();
  const first = await memory(folder);
  for (let n = 0; n < 1_000; n += 1) first.send(message(`t/${n}`, "1", retained));
  first.commit();
  first.send(message("t/0", "2", retained));
  await first.file.stop();
  const second = await memory(folder);
  for (let n = 0; n < 1_000; n += 1)
    expect(second.send(message(`t/${n}`, "1", retained))).toBe("copy");
  expect(second.send(message("t/0", "2", retained))).toBe("new");
  second.commit();
  await second.file.stop();
  const third = await memory(folder);
  expect(third.send(message("t/0", "2", retained))).toBe("copy");
  await third.file.stop();
});

test("a file that is torn or damaged costs what the damaged entries said", async () => {
  const folder = await tempFolder();
  const first = await memory(folder);
  for (const topic of ["a", "b", "c"]) first.send(message(topic, "1", retained));
  first.commit();
  await first.file.stop();
  const path = join(folder, "last-messages");
  await appendFile(path, Buffer.alloc(17, 7));
  const bytes = await readFile(path);
  bytes[30] = (bytes[30] ?? 0) ^ 1;
  await writeFile(path, bytes);
  const second = await memory(folder);
  expect(["a", "b", "c"].map((topic) => second.send(message(topic, "1", retained)))).toEqual([
    "copy",
    "new",
    "copy",
  ]);
  await second.file.stop();
});

test("topics without end take bounded room", async () => {
  const { send } = await memory(await tempFolder());
  for (let n = 0; n < 120_000; n += 1) send(message(`t/${n}`, "1", live));
  let known = 0;
  for (let n = 0; n < 120_000; n += 1)
    if (send(message(`t/${n}`, "1", retained)) === "copy") known += 1;
  expect(known).toBeGreaterThan(40_000);
  expect(known).toBeLessThanOrEqual(100_000);
});
