/** Why others fail us, devices, servers and receivers, and what to do about it. */
import type { Help } from "./explanation.ts";

export const failuresElsewhere = {
  "source.unavailable": {
    why: "An address is in use or not of this machine, a broker does not answer, or a serial port is unplugged or used by another program.",
    next: "The message names address or port. ss -ltnp shows who listens, sluicegate ports ls who has a port. Brokers and ports are tried again by themselves.",
  },
  "source.unauthorized": {
    why: "A broker refused the user name, the password or the certificate of this source.",
    next: "Compare user and password of the source with the broker's, and look whether the certificate has run out: sluicegate doctor.",
  },
  "source.frame-too-long": {
    why: "A device sends more at once than its source takes, or the frames of a line are told apart wrongly, so that many look like one.",
    next: "Compare baud rate and framing with the manual of the device; raise the limit of the source where such frames are meant.",
  },
  "stream.unavailable": {
    why: "No server of backbone.servers answers: it is down, the network is, or a firewall is between. The gateway buffers meanwhile and loses nothing.",
    next: "Look at the server, and whether its port can be reached from here: sluicegate doctor --only 'nats.*'. It connects again by itself.",
  },
  "stream.timeout": {
    why: "The server is connected and slow: its disk is busy, its cluster has no leader, or the line is very slow.",
    next: "Look at load and disk of the server and at its journal. What was not confirmed is sent again, and stored once.",
  },
  "stream.no-responders": {
    why: "The server runs without JetStream, its account has none, or a stream that should take this subject is gone.",
    next: "Start nats-server with JetStream and a store folder; sluicegate doctor says which stream is missing, sluicegate backbone prepare makes them.",
  },
  "stream.refused": {
    why: "The message is larger than max_payload of the server, or no stream takes it. It will never be taken, so it is set aside and counted.",
    next: "Raise max_payload of the server, or lower the size of messages at the source. The rejected message is kept with its reason.",
  },
  "stream.unauthorized": {
    why: "User, password, nkey, credentials file or certificate are not those that the server knows, were revoked, or have too few rights.",
    next: "Compare backbone.credentials with the server; sluicegate nats-permissions prints the least rights of each role. It tries again by itself.",
  },
  "stream.contract-mismatch": {
    why: "A stream or bucket was made by somebody else, or by hand, with settings that cannot keep the promise: another retention, no file storage, other subjects.",
    next: "The message names each difference. Change the stream (nats stream edit), or remove an empty one so that it is made anew.",
  },
  "stream.fenced": {
    why: "Another writer wrote to the stream of this gateway: two gateways have one id, or an older process still runs.",
    next: "Give each gateway its own gateway.id. After a move to another machine, stop the old one first; run --take-over says that it is meant.",
  },
  "event.malformed": {
    why: "A message in a stream is not one of ours: another program publishes there, or one of another version.",
    next: "Find who publishes to these subjects, and give it others. The message is passed over and counted.",
  },
  "receiver.unavailable": {
    why: "The receiver of alerts did not answer, or said that it cannot now. It is told again, later and later.",
    next: "sluicegate notify test NAME says what it answers. What was given up is listed by sluicegate notify dlq ls, and can be told after all.",
  },
  "receiver.refused": {
    why: "The receiver answered that it will never take this alert: an address is gone, a form is not what it knows.",
    next: "Correct the receiver's settings, see sluicegate notify test NAME, then sluicegate notify dlq resend NAME.",
  },
  "database.unavailable": {
    why: "The time-series database does not answer, is full, or does not know what it is asked. The historian waits; nothing is lost as long as the streams keep it.",
    next: "Look at the database and its disk. sluicegate history check compares afterwards, history rebuild fills in.",
  },
  "database.unauthorized": {
    why: "The database refused the token, or user and password, of the historian.",
    next: "Correct historian.token or the user, with rights to write and read the one database.",
  },
  "nats.unavailable": {
    why: "up and demo start a nats-server of their own, and no such program is on the PATH, or it did not start.",
    next: "Install it (apt install nats-server), or name a server that runs in backbone.servers, for the demo with --backbone.",
  },
} as const satisfies Readonly<Record<string, Help>>;
