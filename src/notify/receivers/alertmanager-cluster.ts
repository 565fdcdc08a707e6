/** The Alertmanagers of a cluster: each is posted to. */
import type { Clock } from "../../core/clock.ts";
import type { Poster } from "../http-post.ts";
import { judgeAnswered } from "../judge-answer.ts";
import type { Delivery } from "../receiver.ts";
import type { PostedAlert } from "./alertmanager-alert.ts";

export class AlertmanagerCluster {
  readonly #urls: readonly string[];
  readonly #headers: Readonly<Record<string, string>>;
  readonly #post: Poster;
  readonly #clock: Clock;

  constructor(
    urls: readonly string[],
    authorization: string | undefined,
    post: Poster,
    clock: Clock,
  ) {
    this.#urls = urls.map((url) => `${url.replace(/\/+$/, "")}/api/v2/alerts`);
    this.#headers = {
      "content-type": "application/json",
      ...(authorization !== undefined && { authorization }),
    };
    this.#post = post;
    this.#clock = clock;
  }

  /**
   * Posts to all. It is delivered when one of them took it: they tell each other what they told people
   * of, and one that is down hears of what fires when it is said again.
   */
  async tell(alerts: readonly PostedAlert[], signal: AbortSignal): Promise<Delivery> {
    const body = JSON.stringify(alerts);
    const deliveries = await Promise.all(
      this.#urls.map(async (url): Promise<Delivery> => {
        const answered = await this.#post({ url, body, headers: this.#headers }, signal);
        return judgeAnswered(answered, this.#clock);
      }),
    );
    return deliveries.reduce(better);
  }
}

const worth: Readonly<Record<Delivery["kind"], number>> = { delivered: 2, failed: 1, refused: 0 };

function better(one: Delivery, other: Delivery): Delivery {
  return worth[other.kind] > worth[one.kind] ? other : one;
}
