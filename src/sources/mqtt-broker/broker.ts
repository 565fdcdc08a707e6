/** The broker as the rest of the house sees it. */
import type { DeviceWay } from "../../core/device-write.ts";
import type { Durability } from "../../core/log-writer.ts";
import type { Source } from "../../core/message.ts";
import type { TlsMaterial } from "../../tls/tls-material.ts";
import type { SourceSurroundings } from "../source-kind.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Users } from "./users.ts";

/** What the broker is built from. */
export interface EmbeddedBrokerDeps
  extends Pick<
    SourceSurroundings,
    "audit" | "clientOf" | "clock" | "logger" | "metrics" | "nowMs" | "sink"
  > {
  /** Undefined: everybody may connect, which is for loopback addresses only. */
  readonly users: Users | undefined;
  /** Undefined: clients speak plain MQTT. */
  readonly tls?: TlsMaterial | undefined;
  /** Tells when what the sink took is on disk. */
  readonly log: Durability;
  /** Of the gateway: brokers share it. */
  readonly deliveries: Deliveries;
}

/** The broker as a source, and as the way to the devices. */
export interface EmbeddedBroker extends Source {
  readonly toDevices: DeviceWay;
  /** Clients that are connected. */
  readonly clients: number;
  /** Where WebSockets are taken. */
  readonly webSocketAddress: string | undefined;
  /** Shows new certificates to whoever connects from now on. */
  renew(material: TlsMaterial): void;
  /** Takes other users: clients of those that are gone or are others have to come again. */
  changeUsers(users: Users): void;
}
