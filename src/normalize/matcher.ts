import type { Profile, StatusMapping } from "./profile.ts";
import type { IgnoredTopics } from "./topics/ignored-topics.ts";
import type { TopicTemplate } from "./topics/topic-template.ts";

/** One topic template of one profile. */
export interface Matcher {
  readonly template: TopicTemplate;
  readonly devicePrefix: string;
  readonly profile: Profile;
  /** Undefined for topics of measurements. */
  readonly status?: StatusMapping | undefined;
  /** Of topics that nobody needs. */
  readonly noise?: IgnoredTopics;
}
