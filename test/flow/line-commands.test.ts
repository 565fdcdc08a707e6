/** Commands to what is no MQTT device: registers of a controller, and a frame on a line. */
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { startLineSimulator } from "../../src/simulate/lines/line-simulator.ts";
import { listenInPlaceOfPort } from "../../src/simulate/lines/tcp-port.ts";
import { modbusFamily } from "../../src/simulate/modbus/modbus-device.ts";
import { plc } from "../../src/simulate/modbus/plc.ts";
import { runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { natsServer } from "../support/nats-server.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

/** A valve that hears lines, and answers with what it did. */
async function lineValve() {
  const heard: string[] = [];
  const server = createServer((socket) => {
    let text = "";
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      text += bytes;
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
        const line = text.slice(0, end).trim();
        text = text.slice(end + 1);
        heard.push(line);
        const [, id, degrees] = line.split(" ");
        const isRight = Number(degrees) <= 90;
        socket.write(
          `${JSON.stringify(isRight ? { id, at: Number(degrees) } : { id, no: "it goes to 90" })}\n`,
        );
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { heard, path: `tcp://127.0.0.1:${port}` };
}

const valveProfile = `profile: acme/valve
version: 1
about: A valve at a line.
codec: json
time: none
skip: [id, "no"]
metrics: [{ name: angle, path: at, unit: deg }]
commands:
  - name: turn
    about: Turns to an angle.
    params: { angle: { type: number, unit: deg, range: [0, 360] } }
    frame: { text: "TURN {id} {angle}" }
    reply: { id: id, when: has(at), refused: 'has(no)', text: "no" }
    examples: [{ params: { angle: 45 }, hex: 5455524e20632d31203435 }]
examples: [{ topic: serial/valve, payload: { id: a, at: 45 }, expect: { metrics: { angle: 45 } } }]
`;

test("a command is written to the registers of a controller, and to a device at a line that answers", async () => {
  const folder = await tempFolder();
  await mkdir(join(folder, "profiles/acme"), { recursive: true });
  await writeFile(join(folder, "profiles/acme/valve.yaml"), valveProfile);
  const valve = await lineValve();
  const port = await freePort();
  const family = modbusFamily(plc);
  const controller = await startLineSimulator({
    family: { ...family, open: family.openAtTcp ?? family.open },
    openPort: listenInPlaceOfPort("127.0.0.1", port),
    clock: systemClock,
    random: Math.random,
  });
  onTestFinished(() => controller.stop());
  const path = `modbus-tcp://127.0.0.1:${port}`;
  const { url } = await natsServer();
  const gateway = await gatewayProcess({
    folder,
    natsUrl: url,
    sources: [
      { kind: "modbus", path, members: [{ device: "station", address: 1 }] },
      { kind: "serial", path: valve.path, framing: "lines", device: "valve" },
    ],
    configuration: `profiles: { folders: [profiles] }
devices: [{ id: station, profile: plc/pump-station }, { id: valve, profile: acme/valve }]
`,
  });
  await gateway.start();
  const run = (...words: string[]) => runCommand(words, { cwd: folder });
  const send = async (...words: string[]) => {
    const { status, stderr, stdout } = await run("send", ...words, "--wait");
    return { status, said: stdout + stderr };
  };

  const [set, pump, turned, refused] = await Promise.all([
    send("station", "setpoint", "pressure=3500"),
    send("station", "pump", "on=true", "--yes"),
    send("valve", "turn", "angle=45"),
    send("valve", "turn", "angle=120"),
  ]);
  expect(set).toMatchObject({ status: 0, said: expect.stringContaining("delivered") });
  expect(pump).toMatchObject({ status: 0, said: expect.stringContaining("delivered") });
  expect(turned).toMatchObject({ status: 0, said: expect.stringContaining("acknowledged") });
  expect(refused).toMatchObject({ status: 10, said: expect.stringContaining("it goes to 90") });
  expect(valve.heard.filter((line) => line.endsWith(" 45"))).toHaveLength(1);

  // What the controller holds now is what is read of it.
  await waitUntil(async () => {
    const { stdout } = await run("devices", "show", "station", "-o", "json");
    return /"pump"[^}]*true/s.test(stdout);
  }, "the pump is read as running");
});
