import type { ListedProfile } from "./listed-profile.ts";
import type { StatusMapping } from "./profile.ts";
import type { IgnoredTopics } from "./topics/ignored-topics.ts";
import type { TopicTemplate } from "./topics/topic-template.ts";

/** One topic template of one profile. */
export interface Matcher {
  readonly template: TopicTemplate;
  readonly devicePrefix: string;
  readonly listed: ListedProfile;
  /** Undefined for topics of measurements. */
  readonly status?: StatusMapping | undefined;
  /** Of topics that nobody needs. */
  readonly noise?: IgnoredTopics;
}
