/** Who is at the other end of a connection: what it says of itself, and who it turned out to be. */
import type { DeviceId } from "../../core/ids.ts";
import type { RefusalFacts } from "../../core/refusal.ts";
import { type Introduction, noIntroduction } from "./introduction.ts";
import type { User } from "./users.ts";

export interface GuestOptions {
  readonly source: string;
  /** The common name of its certificate; undefined where nobody asked for one. */
  readonly certified: string | undefined;
}

export class Guest {
  readonly source: string;
  readonly certified: string | undefined;
  readonly address: string;
  #client = "";
  #user: User | undefined;
  #introduction = noIntroduction;

  constructor(address: string, { certified, source }: GuestOptions) {
    this.source = source;
    this.certified = certified;
    this.address = address;
  }

  /** Client identifier; empty before the client was let in. */
  get client(): string {
    return this.#client;
  }

  /** Who it is, or says that it is. */
  get who(): RefusalFacts {
    const { client, user } = this.#introduction;
    return {
      address: this.address,
      client: this.#client || client,
      user: this.#user?.name ?? user,
    };
  }

  get user(): User | undefined {
    return this.#user;
  }

  get device(): DeviceId | undefined {
    return this.#user?.device;
  }

  get introduction(): Introduction {
    return this.#introduction;
  }

  /** True once the client may do what its user may; before that it may do nothing. */
  get isIn(): boolean {
    return this.#client !== "";
  }

  introduce(introduction: Introduction): void {
    this.#introduction = introduction;
  }

  /** What its user may do is another now; it is still that user. */
  changeUser(user: User): void {
    this.#user = user;
  }

  letIn(client: string, user: User | undefined): void {
    this.#client = client;
    this.#user = user;
  }
}
