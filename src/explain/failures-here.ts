/** Why things fail on this machine, and what to do about it. */
import type { Help } from "./explanation.ts";

export const failuresHere = {
  usage: {
    why: "A flag or an argument is missing, unknown, or has a value that it cannot have.",
    next: "The message names it. Add --help to the command to see what it takes, with examples.",
  },
  "config.unreadable": {
    why: "The file is not where it is looked for, or this user may not read it. Without --config it is sluicegate.yaml in the folder where the command is called.",
    next: "Name the file with --config. As root, look at its owner and mode: the service user has to read it, and nobody has to write it.",
  },
  "config.invalid": {
    why: "The configuration, or a profile, rule, plan or users file that it names, has faults. A service does not start with them; one that runs goes on with what it read before.",
    next: "Run sluicegate validate: it lists all faults at once, each with line, column and a code that can be explained. Then start again, or call sluicegate reload.",
  },
  "config.secret-missing": {
    why: "A secret is named by env, file or credential, and there is nothing by that name, or this user may not read it. Secrets never stand in the configuration itself.",
    next: "Set the variable, write the file with mode 0600 for the service user, or give the credential with LoadCredential= of the unit; then start again.",
  },
  "profile.invalid": {
    why: "A profile does not fit the format of profiles, or one of its own examples does not come out as it says.",
    next: "Run sluicegate profile test FILE: it names the line, or what came out in place of what was expected.",
  },
  "buffer.full": {
    why: "The buffer has the size that buffer.max_bytes allows and its policy is to refuse, so the device is told nothing and sends again. Nothing that was acknowledged is lost.",
    next: "Find out why the link is down with sluicegate status and sluicegate doctor. For longer outages raise buffer.max_bytes, or let buffer.on_full give up the oldest.",
  },
  "buffer.io": {
    why: "The disk refused a write or a sync: it is full, worn out, unplugged or mounted read-only. What was not synced was not acknowledged, so devices send it again.",
    next: "Look at the kernel's messages (dmesg) and at sluicegate doctor --only 'disk.*,buffer.*'. The gateway tries again by itself with a new file.",
  },
  "buffer.corrupt": {
    why: "Bytes on disk are not those that were written: power was cut on a card that lies about syncs, or the medium fails. The part is set aside and declared as lost with its sequence numbers.",
    next: "Run sluicegate buffer verify, and sluicegate buffer export to save whole records. Replace a card on which it happens again.",
  },
  "buffer.version": {
    why: "A newer version wrote this data folder, and this one would not read all of it.",
    next: "Install the newer version again, let it drain with sluicegate buffer wait-drained, and only then go back.",
  },
  "buffer.key": {
    why: "Records on disk are encrypted, and no key of buffer.encryption fits: the key was changed, the file is another one, or the folder came from another machine. Nothing was changed.",
    next: "Name the key it was written with in buffer.encryption.former_keys beside the new one, or give it to buffer commands with --key-file.",
  },
  "buffer.denied": {
    why: "The data folder belongs to another user, or the path is a file. Often a gateway was once started as root.",
    next: "Start it as the service user, or give the folder back: chown -R sluicegate: FOLDER. Commands that look at it need the same user or root.",
  },
  "buffer.locked": {
    why: "Another process has the data folder: the service runs, or a command that repairs. Two writers would destroy the order of events.",
    next: "sluicegate status says what runs. Stop it first: systemctl stop sluicegate. A lock of a process that is gone is taken over by itself.",
  },
  "status.unreachable": {
    why: "No process of this configuration runs on this machine, or it runs with another configuration or data folder, so its socket is elsewhere.",
    next: "Look at systemctl status sluicegate. Name the configuration of the service with --config, or its socket with --socket; a gateway of another machine is asked with --context.",
  },
  "status.denied": {
    why: "The socket of the process may be opened by its own user and its group only.",
    next: "Call the command as that user or as root, or become a member of the group sluicegate and sign in again.",
  },
  "output.unwritable": {
    why: "What reads the output takes no more, or the disk behind a redirection is full, or a file cannot be written.",
    next: "Make room, or write elsewhere. Nothing but the output of this command is missing.",
  },
  "not-found": {
    why: "Nothing has this name or id: a typing mistake, another site, or it was forgotten or is older than what is kept.",
    next: "The message names what comes nearest. The ls command of the same noun lists what there is.",
  },
  conflict: {
    why: "Somebody else changed it first, or what was asked does not fit the state it is in now.",
    next: "Look at it again with show or ls, and repeat the command if it is still wanted.",
  },
  forbidden: {
    why: "The user of this machine, the token or its role may not do that. Viewers look, operators act, admins change.",
    next: "Ask who administers the site for a token with the role: sluicegate tokens add NAME --role operator.",
  },
  "not-in-time": {
    why: "What was waited for did not happen within --timeout. It may still happen.",
    next: "Look at sluicegate status for what holds it up, or wait longer. What was asked for is not taken back.",
  },
  shutdown: {
    why: "The process was told to stop, by a signal or because its service ends.",
    next: "Nothing is to be done. What waits in the buffer stays on disk and goes on at the next start.",
  },
  "internal.bug": {
    why: "Something that must always hold does not. The process stops rather than break a promise; what was acknowledged is on disk.",
    next: "Make a report: sluicegate support-bundle collects what it needs, without secrets. The service starts again by itself.",
  },
} as const satisfies Readonly<Record<string, Help>>;
