/** What comes in and nobody reads: topics without a profile, and fields that profiles pass over. */
import type { UnreadPage } from "../../../api/shapes/device.ts";
import { Command } from "../../parts/copy-button.tsx";
import { countText } from "../../parts/number-text.ts";
import { EmptyPanel, ErrorPanel, LoadingPanel } from "../../parts/panels.tsx";
import { currentTab, type Tab, Tabs } from "../../parts/tabs.tsx";
import { useAnswer } from "../../state/use-answer.ts";
import { UnknownTopic } from "./unknown-topic.tsx";
import "./unread.css";

export default function UnreadScreen() {
  const { again, isAsking, problem, value } = useAnswer<UnreadPage>("/unread");
  const tabs: readonly [Tab, ...Tab[]] = [
    { id: "topics", word: "Unknown topics", count: value?.topics.length },
    { id: "fields", word: "Fields that are not read", count: value?.paths.length },
  ];
  return (
    <>
      <div class="screen-head">
        <a href="/devices">Devices</a>
        <h1>Not read yet</h1>
        <div class="actions">
          <button type="button" class="button" disabled={isAsking} onClick={again}>
            Look again
          </button>
        </div>
      </div>
      <Tabs label="What is not read" tabs={tabs} />
      {problem && <ErrorPanel problem={problem} again={again} />}
      {!value && !problem && <LoadingPanel what="Looking at what came in" />}
      {value &&
        (currentTab(tabs) === "fields" ? (
          <Fields page={value} />
        ) : (
          <Topics page={value} again={again} />
        ))}
    </>
  );
}

function Topics({ again, page }: { readonly page: UnreadPage; readonly again: () => void }) {
  if (page.topics.length === 0)
    return (
      <EmptyPanel title="Every topic that came since the start is read." icon="ok">
        <p>
          A device that says nothing is not here either: <Command text="sluicegate tap" /> shows all
          that comes in.
        </p>
      </EmptyPanel>
    );
  return (
    <ol class="unread-topics">
      {page.topics.map((topic) => (
        <li key={topic.topic} class="card">
          <UnknownTopic topic={topic} onAccepted={again} />
        </li>
      ))}
    </ol>
  );
}

function Fields({ page: { paths } }: { readonly page: UnreadPage }) {
  if (paths.length === 0)
    return <EmptyPanel title="Profiles read every field of what came." icon="ok" />;
  const profiles = [...new Set(paths.map(({ profile }) => profile))].sort();
  return (
    <div class="unread-fields">
      <p class="soft">
        A field is read when its profile names it, and never again shown here when the profile names
        it under <code>ignore</code>.
      </p>
      {profiles.map((profile) => (
        <section key={profile} class="card">
          <h2>
            <bdi>{profile}</bdi>
          </h2>
          <ul>
            {paths
              .filter((one) => one.profile === profile)
              .map(({ count, path, sample }) => (
                <li key={path}>
                  <code>{path}</code> such as <code class="unread-sample">{sample}</code>{" "}
                  <span class="soft">{countText(count)} times</span>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
