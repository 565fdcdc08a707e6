/** Faults of files that are about one thing. */
import type { Explanation } from "./explanation.ts";

export const faults: Readonly<Record<string, Explanation>> = {
  "yaml.syntax": {
    means: "a file is no YAML",
    why: "A bracket or a quote is open, a line is indented by a tab or by the wrong number of blanks, or the file is not UTF-8.",
    next: "Look at the line of the message and the one above it.",
  },
  "yaml.duplicate-key": {
    means: "a key stands twice in one place",
    why: "YAML would silently take one of them, often not the one that was meant.",
    next: "Remove one.",
  },
  "yaml.unknown-alias": {
    means: "an alias (*name) has no anchor (&name) in the file",
    why: "It is misspelled, or a text that begins with * stands without quotes, such as a pattern of topics.",
    next: "Put the text into quotes, or write the anchor.",
  },
  "yaml.alias-bomb": {
    means: "aliases of a file would become much more than the file is",
    why: "Each alias repeats what its anchor stands for, and aliases within aliases multiply.",
    next: "Write out what is meant.",
  },
  "config.anonymous-source": {
    means: "an address that other machines reach lets everybody in",
    why: "A listener beyond 127.0.0.1 has neither users nor certificates of clients. Nothing listens so before somebody is named.",
    next: "Add users or a CA of clients, or listen on 127.0.0.1.",
  },
  "config.bad-certificate": {
    means: "a certificate, key or CA cannot be used",
    why: "The file is not PEM, the key belongs to another certificate, or it is not there for this user.",
    next: "openssl x509 -in FILE -noout -subject -enddate shows what it is. Files that change are read again by themselves.",
  },
  "config.secret-open": {
    means: "a file with a secret can be read by every user of the machine",
    why: "It was written with the usual mode 0644. This is a warning: it works, and whoever may sign in to the machine may take the secret.",
    next: "chmod o-rwx the file, and give the secret another value if others may have seen it.",
  },
  "config.bad-key": {
    means: "buffer.encryption names something that is no key",
    why: "A key is 32 random bytes, written as 64 hex digits or in base64; a passphrase is none, and neither is the same byte 32 times. This is a warning, since the key of another machine need not be here: on its own machine a gateway does not start with it.",
    next: "Write one: (umask 027; openssl rand -hex 32 > FILE). Where the buffer is encrypted already, put the former key in its place from your copy: without it nobody reads what is there.",
  },
  "config.half-changed": {
    means: "the files of a site are of two versions of its fleet",
    why: "sluicegate fleet replaces files one by one, and was ended in the middle, by a power cut or a kill; or it is at it now. A start takes them all the same, since a gateway that does not start loses what devices send; a process that runs does not take them and goes on with what it has.",
    next: "Call sluicegate fleet apply --rollback --yes, which puts back what was there before, or apply the bundle again. Then sluicegate reload, or a restart where a process was started meanwhile.",
  },
  "config.repeated-device": {
    means: "two entries of devices: are about one device",
    why: "Ids and what is told apart by topic or address have to be different, or readings would be mixed.",
    next: "Give one another id, or remove it.",
  },
  "config.unknown-profile": {
    means: "an entry names a profile that is not there",
    why: "It is misspelled, or its folder is not in profiles.folders.",
    next: "sluicegate profile ls lists those in force.",
  },
  "config.unknown-severity": {
    means: "a route asks for a severity that no alert has",
    why: "Nobody would ever be told by it.",
    next: "Write info, warning or critical.",
  },
  "config.unasked-device": {
    means: "a device of a Modbus bus is never asked",
    why: "What is asked for stands in its profile, as registers, and an entry of devices names the profile. Without it nobody knows what the device has.",
    next: "Write an entry for it below devices; sluicegate profile ls lists the profiles that are there.",
  },
  "config.no-rule-files": {
    means: "a pattern of rules.files fits no file",
    why: "The folder is another, or no rule is written yet. This is a warning: the rules of the program run.",
    next: "Correct the pattern; it counts from the folder of the configuration.",
  },
  "config.no-plan-files": {
    means: "a pattern of plans.files fits no file",
    why: "The folder is another, or no plan is written yet. This is a warning.",
    next: "Correct the pattern; it counts from the folder of the configuration.",
  },
  "profile.failed-example": {
    means: "an example of a profile does not come out as it says",
    why: "Examples are run each time a profile is read, so that a change that breaks an old device is seen before it runs.",
    next: "Correct the profile or the example: sluicegate profile test FILE shows both.",
  },
  "profile.misplaced": {
    means: "a profile stands in a file of another name",
    why: "maker/model is found as maker/model.yaml, so that a name has one place.",
    next: "Move the file as the hint says.",
  },
  "rule.unknown-metric": {
    means: "a rule asks for a metric that no selected profile has",
    why: "It is misspelled, or the rule selects other devices than was meant. Such a rule would never fire.",
    next: "sluicegate profile show NAME lists metrics; the hint names what comes near.",
  },
  "rule.unknown-profile": {
    means: "a rule selects a profile that is not there",
    why: "It is misspelled, or its folder is not in profiles.folders.",
    next: "sluicegate profile ls lists those in force.",
  },
  "rule.unknown-tag": {
    means: "a rule selects by a tag that no device has",
    why: "Tags stand in devices: or in a profile. Such a rule would never fire.",
    next: "Give the tag to a device, or take one of those of the hint.",
  },
  "rule.unknown-receiver": {
    means: "a rule names a receiver that the configuration does not have",
    why: "Nobody would be told.",
    next: "Add it to notify.receivers, or take one that is there.",
  },
  "rule.unknown-alert": {
    means: "a rule names another one that is not there",
    why: "It is explained or held back by an alert of another name.",
    next: "sluicegate rules ls lists them.",
  },
  "rule.unheard-series": {
    means: "a rule listens to a series of a whole gateway",
    why: "Such series are stored for people; rules hear series of devices.",
    next: "Make the series per device, and the rule per gateway.",
  },
  "rule.record-cycle": {
    means: "series are made of each other in a circle",
    why: "Each would wait for the other.",
    next: "Make one of them of what devices send.",
  },
  "rule.duplicate-group": {
    means: "two groups of a file have one name",
    why: "An alert is named by group and rule, so the name has to be one.",
    next: "Rename one. An alert with another name is another alert.",
  },
  "rule.repeated-group": {
    means: "two files have a group of one name",
    why: "An alert is named by group and rule, so the name has to be one in the whole site.",
    next: "Rename one of them.",
  },
  "rule.duplicate-record": {
    means: "two rules make a series of one name",
    why: "Their values would be mixed.",
    next: "Rename one of them.",
  },
  "rule.wrong-limit": {
    means: "the limits of a rule contradict each other",
    why: "A higher severity has a limit that is reached sooner, or an alert would end where it begins.",
    next: "Order the levels from mild to severe, and the end on the safe side of the beginning.",
  },
  "rule.span-too-short": {
    means: "a span of a rule is shorter than the time between two samples",
    why: "It would never hold the two values that it needs.",
    next: "Make it as long as the hint says.",
  },
  "rule.hold-too-short": {
    means: "a value ceases to count before the breach can have lasted",
    why: "Between two samples the condition would be unknown, so the rule could not fire.",
    next: "Leave hold out, or make it as long as for.",
  },
  "rule-test.failed": {
    means: "a test of rules expects something else than what came out",
    why: "The rule, its limits or the test changed.",
    next: "The message shows both. Correct whichever is wrong.",
  },
  "rule-test.unknown-alert": {
    means: "a test expects an alert that no rule makes",
    why: "It is misspelled, or its rule is in a file that is not read.",
    next: "sluicegate rules ls lists them.",
  },
  "rule-test.unknown-metric": {
    means: "a test feeds a metric that the device does not have",
    why: "It is misspelled, or the profile of the test is another.",
    next: "sluicegate profile show NAME lists metrics.",
  },
  "rule-test.behind-the-end": {
    means: "a test expects something after its last sample",
    why: "Time of a test ends with its samples unless until says more.",
    next: "Write until, or more samples.",
  },
  "plan.repeated": {
    means: "two plans have one name",
    why: "Runs are stored under the name.",
    next: "Rename one of them.",
  },
  "plan.unknown-command": {
    means: "a step of a plan is a command that the device does not have",
    why: "It is misspelled, or the device has another profile.",
    next: "sluicegate devices show DEVICE lists its commands.",
  },
  "users.duplicate": {
    means: "a user stands twice in a users file",
    why: "Only one of the passwords could count.",
    next: "Remove one line.",
  },
  "fleet.repeated-id": {
    means: "two gateways of a fleet have one name",
    why: "A stream is named after its gateway: two of one name would fight for it.",
    next: "Give one of them another id; ids are unique over all sites.",
  },
  "fleet.unknown-variable": {
    means: "a text of a fleet names a variable that nobody sets",
    why: "It is misspelled, or set for some gateways only.",
    next: "Set it under variables: in fleet.yaml, for all or at the gateway; $${ stands for the characters themselves.",
  },
};
