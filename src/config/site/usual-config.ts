import { existsSync } from "node:fs";

const here = "sluicegate.yaml";
const ofTheMachine = "/etc/sluicegate/sluicegate.yaml";

/** Which configuration is meant where none is named: the one of this folder, else the installed one. */
export function usualConfig(): string {
  return !existsSync(here) && existsSync(ofTheMachine) ? ofTheMachine : here;
}
