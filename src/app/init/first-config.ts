/** The text of a first configuration: short, with a word on each line, and what comes next behind `#`. */

export interface FirstConfig {
  readonly site: string;
  readonly id: string;
  /** A broker outside; without it devices connect to one inside the gateway. */
  readonly mqtt: string | undefined;
  /** Where the one inside listens. */
  readonly brokerPort: number;
  /** Ports that are read. */
  readonly serial: readonly string[];
  /** Ports that were found and are not read. */
  readonly otherPorts: readonly string[];
  readonly nats: string | undefined;
  /** Path of the schema, for editors. */
  readonly schema: string;
}

/** More ports are left to `sluicegate ports ls`. */
const mostOthers = 3;

export function firstConfig(config: FirstConfig): string {
  const { brokerPort, id, mqtt, nats, otherPorts, schema, serial, site } = config;
  return [
    `# yaml-language-server: $schema=${schema}`,
    "# The configuration of sluicegate: check it with `sluicegate validate`.",
    "",
    `site: ${scalar(site)} # where the devices are`,
    "gateway:",
    `  id: ${scalar(id)} # the name of this machine, unique over all sites`,
    "",
    "sources: # where devices are heard",
    ...(mqtt === undefined ? brokerInside(brokerPort) : brokerOutside(mqtt)),
    ...(serial.length + otherPorts.length > 0 ? [portsAre] : []),
    ...serial.map((path, at) => `  - ${serialPort(path, at)}`),
    ...otherPorts.slice(0, mostOthers).map((path) => `  # - ${serialPort(path, serial.length)}`),
    "",
    ...(nats === undefined ? backboneLater : backboneAt(nats)),
    "",
    '# rules: { files: ["rules/*.yaml"] } # alerts; examples come with the package',
    "",
    "notify: # who is told",
    "  receivers:",
    "    log: { kind: log, format: text }",
    '    # duty: { kind: webhook, url: "https://example.com/hook", secret: { env: HOOK_SECRET } }',
    "  default: [log]",
    "",
  ].join("\n");
}

function brokerInside(port: number): readonly string[] {
  return [
    "  - kind: mqtt-broker # devices connect to a broker inside the gateway",
    `    listen: 127.0.0.1:${port} # any other address than loopback needs users, or certificates`,
    "    # users: { file: devices.yaml }",
  ];
}

function brokerOutside(url: string): readonly string[] {
  return [
    "  - kind: mqtt-client # the gateway fetches from a broker that is there already",
    `    url: ${scalar(url)}`,
    '    topics: ["#"] # better only those of the devices: ["zigbee2mqtt/#"]',
    "    # user: gateway",
    "    # password: { file: mqtt.password }",
  ];
}

const portsAre = "  # Devices that speak by themselves; kind: modbus is for those that are asked:";

function serialPort(path: string, at: number): string {
  return `{ kind: serial, path: ${scalar(path)}, baud: 9600, framing: lines, device: serial-${at + 1} }`;
}

const backboneLater = [
  "# Without a backbone `sluicegate up` starts one of its own; name it where there is one:",
  "# backbone: { servers: [nats://hub:4222], credentials: { file: gateway.nk } }",
];

function backboneAt(url: string): readonly string[] {
  return [
    "backbone:",
    `  servers: [${scalar(url)}]`,
    "  # tls: { ca: ca.crt } # whose certificates are believed, where the system does not know the CA",
    "  # credentials: { file: gateway.nk } # the seed that nats-permissions made, or a .creds file",
  ];
}

/** A text as YAML takes it for one, in quotes where it has to be. */
function scalar(text: string): string {
  const isPlain =
    /^[A-Za-z/][\w./:@-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text);
  return isPlain && !text.includes(": ") && !text.endsWith(":") ? text : JSON.stringify(text);
}
