/** What the log has of an earlier process is not looked at: the rules find it again. */
import { LoggedHeads as Real } from "../../../../../../src/processor/edge/logged-heads.ts";

export class LoggedHeads extends Real {
  static override async read(): Promise<LoggedHeads> {
    return new LoggedHeads();
  }

  override has(): boolean {
    return false;
  }
}
