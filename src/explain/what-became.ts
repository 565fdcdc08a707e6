/** What became of messages and records: why one was rejected, why some are missing. */
import type { RejectionCode } from "../core/rejection.ts";
import type { Explanation } from "./explanation.ts";

const again =
  "sluicegate dlq show prints the message, dlq try what profiles make of it now, dlq reprocess stores it after all.";

export const rejections: Readonly<Record<RejectionCode, Explanation>> = {
  "no-profile": {
    means: "no profile takes this topic, or none of those that do reads such a message",
    why: "A new kind of device, another firmware, or a topic that is not what the profile says.",
    next: `sluicegate devices unknown names the profile that could read it, devices accept TOPIC writes one. ${again}`,
  },
  undecodable: {
    means: "the payload cannot be decoded",
    why: "It is not the JSON, CBOR or text that the profile expects, is cut off, nested too deep or too large.",
    next: `Compare it with the manual of the device. ${again}`,
  },
  damaged: {
    means: "a line gave no whole frame",
    why: "Its checksum is wrong or its end is missing: bad wiring, noise, a wrong speed, or two devices at once.",
    next: "Look at cable and termination, and whether baud rate and parity are those of the device: sluicegate ports watch --listen PATH.",
  },
  "no-metric": {
    means: "a message was read, and nothing in it is what the profile expects",
    why: "The device sends other fields than before, or the profile is one of a similar device.",
    next: `sluicegate profile try shows what is in it. ${again}`,
  },
  "bad-value": {
    means: "a value has the wrong type or is no finite number",
    why: "A sensor says NaN, error or nothing when it is broken or just switched on.",
    next: `If the device says so on purpose, let the profile map it to a quality. ${again}`,
  },
  "bad-device": {
    means: "topic or payload name a device in a way that cannot be a name",
    why: "The part that names it is empty, too long, or has control characters.",
    next: `Give the device a name at the device, or an entry in devices:. ${again}`,
  },
};

export const gaps: Readonly<Record<string, Explanation>> = {
  "dropped-full": {
    means: "records were given up because the buffer was full",
    why: "The link was down longer than buffer.max_bytes lasts. Rejections go first, then telemetry, then state, alarms last.",
    next: "Raise buffer.max_bytes for outages as long as this one; sluicegate status says how long it lasts at the rate of now.",
  },
  damaged: {
    means: "bytes on disk are not those that were written",
    why: "Power was cut on a card that lies about syncs, or the medium fails. The part is set aside and its numbers are declared lost.",
    next: "sluicegate buffer verify names the place. Replace a card on which it happens again.",
  },
  "too-large": {
    means: "a record was larger than the log takes",
    why: "A device sent far more in one message than measurements are.",
    next: "sluicegate events --kind gap names when. Lower what the device sends at once.",
  },
  "set-aside": {
    means: "the backbone refuses a record for ever, so it was set aside",
    why: "It is larger than max_payload of the server.",
    next: "Raise max_payload of the server. The records are kept in the quarantine of the data folder: sluicegate buffer show.",
  },
  displaced: {
    means: "records stand at numbers that the stream has given to others",
    why: "A copy of the data folder went on beside the original, or the stream was written under this name by another gateway.",
    next: "See that one folder runs once, and that each gateway has an id of its own.",
  },
  "backbone-regressed": {
    means: "the backbone lost what it had confirmed",
    why: "A server was restored from an older backup, or lost its disk without replicas.",
    next: "What the gateway still had on disk was sent again. Use three replicas, and synced storage.",
  },
  "identity-changed": {
    means: "the data folder belongs to another gateway id",
    why: "gateway.id or site was changed while records of the former name waited.",
    next: "Let the buffer drain before a gateway is renamed: sluicegate buffer wait-drained.",
  },
};
