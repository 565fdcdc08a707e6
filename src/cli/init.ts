/** `sluicegate init`: a first configuration, asked for or out of flags. */
import { access, writeFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { type FirstConfig, firstConfig } from "../app/init/first-config.ts";
import { lookAround, type Surroundings } from "../app/init/look-around.ts";
import { printFaults } from "../config/print-faults.ts";
import { loadSite } from "../config/site/load-site.ts";
import { packageFolder } from "../config/site/package-folder.ts";
import { GatewayError } from "../core/errors.ts";
import { printable } from "../core/printable.ts";
import { systemCode, systemReason } from "../core/system-reason.ts";
import { columns } from "./print-table.ts";
import { filesHere } from "./site.ts";

export interface InitOptions {
  readonly mqtt?: string;
  readonly serial?: readonly string[];
  readonly nats?: string;
  readonly site?: string;
  readonly id?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

const conflict = 5;

export async function runInit(path: string, options: InitOptions): Promise<number> {
  if (await isThere(path)) {
    process.stderr.write(
      `${path} is there already, and is left as it is; name another file: sluicegate init other.yaml\n`,
    );
    return conflict;
  }
  const isAsking = !options.yes && !options.dryRun;
  if (isAsking && !process.stdin.isTTY)
    throw new GatewayError(
      "usage",
      "nothing was written: without a terminal nobody can be asked; add --yes, and --mqtt, --serial, --nats, --site, --id as you need",
    );
  const found = await lookAround();
  if (found.noBroker !== undefined && options.mqtt === undefined)
    process.stderr.write(
      `${printable(found.noBroker)}, so it is no MQTT broker; devices connect to one inside, at port ${found.brokerPort}\n`,
    );
  const wanted = isAsking ? await ask(found, options) : unasked(found, options);
  const text = firstConfig({ ...wanted, schema: schemaFor(path) });
  const faults = await faultsOf(path, text);
  if (faults !== "") {
    process.stderr.write(
      `nothing was written, since the configuration would have faults:\n${faults}`,
    );
    return 2;
  }
  if (options.dryRun) process.stdout.write(text);
  else await write(path, text);
  return 0;
}

type Wanted = Omit<FirstConfig, "schema">;

/** What flags say, else what was found; a port is read only where somebody says so. */
function unasked(found: Surroundings, options: InitOptions): Wanted {
  const serial = options.serial ?? [];
  return {
    site: options.site ?? "site",
    id: options.id ?? found.id,
    mqtt: options.mqtt ?? found.broker,
    brokerPort: found.brokerPort,
    nats: options.nats ?? found.natsServer,
    serial,
    otherPorts: found.ports
      .map(({ byId, byPath, path }) => byId ?? byPath ?? path)
      .filter((name) => !serial.includes(name)),
  };
}

async function ask(found: Surroundings, options: InitOptions): Promise<Wanted> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const question = async (text: string, usual: string): Promise<string> =>
    (await lines.question(`${text} [${usual}] `)).trim() || usual;
  const isYes = async (text: string): Promise<boolean> => /^y/i.test(await question(text, "y/N"));
  const first = unasked(found, options);
  try {
    const site =
      options.site ?? (await question("Name of the site, where the devices are?", first.site));
    const id =
      options.id ?? (await question("Name of this machine, unique over all sites?", first.id));
    const useBroker =
      found.broker === undefined || options.mqtt !== undefined
        ? ""
        : await question(
            `A broker answers at ${found.broker}: fetch from it (f), or open one inside (i)?`,
            "f",
          );
    const isInside = useBroker.startsWith("i");
    const serial: string[] = [...first.serial];
    for (const name of options.serial === undefined ? first.otherPorts : [])
      if (await isYes(`Read the serial port ${name}?`)) serial.push(name);
    const nats =
      options.nats ?? (await question("Backbone (NATS)?", first.nats ?? "one of its own"));
    return {
      ...{ site, id, serial },
      mqtt: isInside ? undefined : first.mqtt,
      brokerPort: first.brokerPort,
      nats: nats === "one of its own" ? undefined : nats,
      otherPorts: first.otherPorts.filter((name) => !serial.includes(name)),
    };
  } finally {
    lines.close();
  }
}

/** From the file to the schema of this program, for editors. */
function schemaFor(path: string): string {
  const schema = fileURLToPath(new URL("config/schema/sluicegate.json", packageFolder()));
  const beside = relative(dirname(resolve(path)), schema);
  return beside.startsWith("..") ? schema : beside;
}

/** As `validate` prints them, were the text written; warnings count. */
async function faultsOf(path: string, text: string): Promise<string> {
  const files = filesHere();
  const { faults, fileCount } = await loadSite(path, {
    ...files,
    readFile: async (asked) => (asked === path ? Buffer.from(text) : files.readFile(asked)),
  });
  return printFaults(faults, fileCount, "text");
}

async function write(path: string, text: string): Promise<void> {
  try {
    // Whoever made it meanwhile keeps what they made.
    await writeFile(path, text, { flag: "wx", mode: 0o644 });
  } catch (thrown) {
    const code = systemCode(thrown) === "EEXIST" ? "usage" : "config.unreadable";
    throw new GatewayError(code, `cannot write ${path}: ${systemReason(thrown)}`, {
      cause: thrown,
    });
  }
  const named = path === "sluicegate.yaml" ? "" : ` ${path}`;
  const config = named === "" ? "" : ` --config${named}`;
  const next = columns([
    [`next: sluicegate validate${named}`, "are the files right?"],
    [`      sluicegate doctor${config}`, "does this machine work?"],
    [`      sluicegate up${config}`, "everything in one process"],
    [
      `      sluicegate run gateway${config}`,
      "only what a box at the edge does, with its hub elsewhere",
    ],
  ]);
  process.stdout.write([`wrote ${path}`, ...next, ""].join("\n"));
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
