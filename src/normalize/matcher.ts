import type { IgnoredTopics } from "./ignored-topics.ts";
import type { Profile, StatusMapping } from "./profile.ts";
import type { TopicTemplate } from "./topic-template.ts";

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
