/**
 * A real InfluxDB 2.x of the running test's own, with an organization, a token and no bucket of ours. No
 * package brings one where the tests run everywhere, so `INFLUXD2_BIN` names it; without that the tests
 * that need it are left out.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { endChild } from "./end-child.ts";
import { tempFolder } from "./temp-folder.ts";
import { untilAnswers } from "./until-answers.ts";

export const influxd2Program = process.env["INFLUXD2_BIN"];

const token = "a-token-for-tests";

export async function influxd2(program: string) {
  const [port, folder] = [await freePort(), await tempFolder()];
  const url = `http://127.0.0.1:${port}`;
  const places = ["bolt", "engine", "sqlite"].map((name) => `--${name}-path=${join(folder, name)}`);
  const child = spawn(
    program,
    [...places, `--http-bind-address=127.0.0.1:${port}`, "--reporting-disabled"],
    { stdio: "ignore", env: { ...process.env, HOME: folder } },
  );
  onTestFinished(() => endChild(child));
  await untilAnswers(`${url}/health`, child, program);
  const ask = async (path: string, body: object): Promise<unknown> => {
    const headers = { authorization: `Token ${token}`, "content-type": "application/json" };
    const asked = { method: "POST", headers, body: JSON.stringify(body) };
    return (await fetch(`${url}${path}`, asked)).json();
  };
  const user = { username: "admin", password: "admin-admin", token };
  const set: unknown = await ask("/api/v2/setup", { ...user, org: "plant", bucket: "other" });
  const orgID = /"orgID": ?"([0-9a-f]+)"/.exec(JSON.stringify(set))?.[1] ?? "";
  return {
    url,
    token,
    /** Keeps its points for so many seconds; 0 is for ever. */
    makeBucket: (name: string, everySeconds = 0): Promise<unknown> => {
      const retentionRules = [{ type: "expire", everySeconds }];
      return ask("/api/v2/buckets", { name, orgID, retentionRules });
    },
  };
}
