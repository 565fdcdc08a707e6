/** What one file of this folder brings to the web server. */
import type { Topic } from "../../api/live/topic.ts";
import type { TopicNamed } from "../../api/live/topic-shelf.ts";
import type { Route } from "../../api/route.ts";

export interface WebPart {
  readonly routes: readonly Route[];
  /** Those that are always there. */
  readonly topics?: readonly Topic[];
  /** Those that are made when somebody asks for their name, such as `live:normalized?per_s=20`. */
  readonly topicNamed?: TopicNamed;
}
