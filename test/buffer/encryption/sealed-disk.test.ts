/** Small files that are encrypted: what they give back, and what becomes of damage and other keys. */
import { describe, expect, it } from "vitest";
import { KeyRing, noKeys } from "../../../src/buffer/encryption/key-ring.ts";
import { keyIdOfPath, sealedDisk } from "../../../src/buffer/encryption/sealed-disk.ts";
import { readWhole, replaceWhole } from "../../../src/core/whole-file.ts";
import { writeAll } from "../../../src/core/write-all.ts";
import { SimDisk } from "../../support/sim-disk.ts";

const keys = new KeyRing(Buffer.alloc(32, "one"));
const path = "/data/book.json";

function diskWith(ring = keys, simulated = new SimDisk({ random: () => 0 })) {
  return { disk: sealedDisk(simulated, ring), simulated };
}

async function write(disk: ReturnType<typeof sealedDisk>, ...parts: string[]): Promise<void> {
  const file = await replaceWhole(disk, "/data", "book.json", async (draft) => {
    let at = 0;
    for (const part of parts) {
      await writeAll(draft, [Buffer.from(part)], at);
      at += Buffer.byteLength(part);
    }
  });
  await file.close();
}

describe("an encrypted small file", () => {
  it("gives back what was written, and nothing of it stands on the disk", async () => {
    const { disk, simulated } = diskWith();
    await write(disk, "CANARY one, ", "", "CANARY two");
    expect((await readWhole(disk, path)).toString()).toBe("CANARY one, CANARY two");
    expect(simulated.contentOf(path).includes("CANARY")).toBe(false);
    expect(await keyIdOfPath(simulated, path)).toBe(keys.currentId);
  });

  it("is written anew with another salt and other bytes each time", async () => {
    const { disk, simulated } = diskWith();
    await write(disk, "the same");
    const before = Buffer.from(simulated.contentOf(path));
    await write(disk, "the same");
    expect(simulated.contentOf(path).equals(before)).toBe(false);
  });

  it("takes more at its end, and a write that failed once again", async () => {
    const { disk, simulated } = diskWith();
    const file = await replaceWhole(disk, "/data", "book.json", (draft) =>
      writeAll(draft, [Buffer.from("first,")], 0),
    );
    simulated.fault = (call) => (call === "write" ? "EIO" : undefined);
    await expect(writeAll(file, [Buffer.from("second")], 6)).rejects.toMatchObject({ code: "EIO" });
    simulated.heal();
    await writeAll(file, [Buffer.from("second")], 6);
    await expect(file.write([Buffer.from("x")], 3)).rejects.toMatchObject({ code: "EINVAL" });
    expect((await readWhole(disk, path)).toString()).toBe("first,second");
  });

  it("ends where a byte was changed, where a piece moved, and where it was cut off", async () => {
    const { disk, simulated } = diskWith();
    await write(disk, "aaaa", "bbbb", "cccc");
    const whole = Buffer.from(simulated.contentOf(path));
    const pieceBytes = 4 + 12 + 4 + 16;
    const changes: [(bytes: Buffer) => Buffer, string][] = [
      [(bytes) => Buffer.concat([bytes.subarray(0, -3)]), "aaaabbbb"],
      [
        (bytes) => {
          const at = 32 + pieceBytes + 20;
          bytes[at] = (bytes[at] ?? 0) ^ 1;
          return bytes;
        },
        "aaaa",
      ],
      [
        (bytes) =>
          Buffer.concat([
            bytes.subarray(0, 32),
            bytes.subarray(32 + pieceBytes, 32 + 2 * pieceBytes),
            bytes.subarray(32, 32 + pieceBytes),
          ]),
        "",
      ],
    ];
    for (const [change, left] of changes) {
      simulated.damage(path, () => change(Buffer.from(whole)));
      expect((await readWhole(disk, path)).toString()).toBe(left);
    }
  });

  it("is refused with another key, and not read as another file", async () => {
    const { disk, simulated } = diskWith();
    await write(disk, "content");
    const other = diskWith(new KeyRing(Buffer.alloc(32, "two")), simulated).disk;
    await expect(readWhole(other, path)).rejects.toMatchObject({ code: "buffer.key" });
    const former = diskWith(new KeyRing(undefined, [Buffer.alloc(32, "one")]), simulated).disk;
    expect((await readWhole(former, path)).toString()).toBe("content");
    await simulated.rename(path, "/data/memory.json");
    expect((await readWhole(disk, "/data/memory.json")).toString()).toBe("");
  });

  it("is plain where nothing is encrypted, and plain files of before are read", async () => {
    const { disk, simulated } = diskWith(noKeys);
    await write(disk, "in the open");
    expect(simulated.contentOf(path).toString()).toBe("in the open");
    expect((await readWhole(diskWith(keys, simulated).disk, path)).toString()).toBe("in the open");
  });
});
