/** Targets of a bridge that are tried with what is wrong, until it is right: nothing is lost by that. */
import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import type { LinkSecrets } from "../../src/bridge/link-secrets.ts";
import { noSecrets, startBridge } from "./bridging.ts";
import { type CertificateFiles, TestAuthority } from "./certificates.ts";
import { fastClock } from "./fast-clock.ts";
import { publishRecords, reading } from "./gateway-stream.ts";
import { setUpStreams } from "./history.ts";
import { waitUntil } from "./wait-until.ts";

const patient = { timeout: 120_000 };
const count = 6;

/** The ids of the events of `tries`. */
export const triedIds = Array.from({ length: count }, (_, at) => `gw1.aaaaaaaa.${at + 1}`);

/** What a target is given, and what has to be said of it. */
export interface Attempt {
  readonly secrets: LinkSecrets;
  readonly says: RegExp;
}

/** Two authorities, and who they signed. */
export async function authorities(folder: string) {
  const [own, other] = await Promise.all([
    TestAuthority.create(folder, "own"),
    TestAuthority.create(folder, "other"),
  ]);
  return {
    ...{ own, other },
    server: await own.sign("server"),
    plant: await own.sign("plant"),
    stranger: await other.sign("stranger"),
  };
}

/** Whom a target believes, who it is, and its password. */
export async function linkSecrets(given: {
  readonly ca?: TestAuthority;
  readonly as?: CertificateFiles;
  readonly password?: string;
}): Promise<LinkSecrets> {
  const { as, ca, password } = given;
  return {
    ...noSecrets,
    password,
    ca: ca && (await readFile(ca.files.cert)),
    cert: as && (await readFile(as.cert)),
    key: as && (await readFile(as.key)),
  };
}

/** The options need a reference beside a name; what it is to is given by the test. */
export function user(username: string) {
  return { username, password: { env: "NOT_READ" } };
}

/**
 * A bridge that is given one thing after the other: of each it says what is wrong and tries again, and
 * with the last all events are carried. Ids of what arrived are for the caller to look at.
 */
export async function tries(
  target: object,
  attempts: readonly Attempt[],
  good: LinkSecrets,
): Promise<void> {
  const { url, backbone, connection } = await setUpStreams();
  const events = triedIds.map((_, at) => reading(`f${at % 2}`, at, at));
  await publishRecords(connection, "aaaaaaaa", 1, events);
  let now = attempts[0]?.secrets ?? good;
  let reads = 0;
  const bridge = startBridge(backbone, url, [{ timeout: "200s", ...target }], {
    clock: fastClock(10),
    secrets() {
      reads += 1;
      return now;
    },
  });
  const state = () => bridge.state().targets[0];
  for (const { says, secrets } of attempts) {
    now = secrets;
    const before = reads;
    // The first try with these is over when they are read for another.
    await waitUntil(() => reads >= before + 2, "it is tried again", patient.timeout);
    expect(state()?.failing?.reason).toMatch(says);
    expect(state()).toMatchObject({ carried: 0, aside: 0, missed: 0 });
  }
  now = good;
  await expect.poll(() => state()?.carried, patient).toBe(count);
  expect(state()).toMatchObject({ aside: 0, missed: 0, failing: undefined });
}
