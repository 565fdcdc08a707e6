/** What is known of a device beside its values: where it reports, what it says of itself, what did not fit. */
import type { ComponentChildren } from "preact";
import type { DevicePage } from "../../../api/shapes/device.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Moment } from "../../parts/moment.tsx";
import { countText } from "../../parts/number-text.ts";

export function AboutTab({ page }: { readonly page: DevicePage }) {
  const { attrs, description, misfits, notKnown, row, tags, topic, unread } = page;
  return (
    <div class="device-about">
      {notKnown.length > 0 && (
        <Part title="Not known here">
          <ul>
            {notKnown.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Part>
      )}
      <Part title="Place">
        <Pairs
          pairs={{
            Device: row.device,
            Gateway: row.gateway,
            Site: row.site,
            Topic: topic ?? "not known",
            Family: row.family ?? "none",
            Configured: row.configured ? "yes, in the configuration" : "no, known since it reports",
          }}
        />
        {row.lastMs !== null && (
          <p class="soft">
            Last seen <Moment atMs={row.lastMs} show="both" copies />, the device itself{" "}
            <CopyButton text={row.key} what="the key of the device" />
          </p>
        )}
      </Part>
      {Object.keys(tags).length > 0 && (
        <Part title="Tags">
          <Pairs pairs={tags} />
        </Part>
      )}
      {Object.keys(attrs).length > 0 && (
        <Part title="Attributes">
          <Pairs pairs={attrs} />
        </Part>
      )}
      <Part title="Messages that did not fit">
        {misfits.length === 0 ? (
          <p class="soft">All of its messages were read.</p>
        ) : (
          <>
            <ul>
              {misfits.map(({ count, lastMs, reason }) => (
                <li key={reason}>
                  <span class="device-reason">{reason}</span>{" "}
                  <span class="soft">
                    {countText(count)} times, last <Moment atMs={lastMs} />
                  </span>
                </li>
              ))}
            </ul>
            <a href="/dead-letters">Look at them under dead letters</a>
          </>
        )}
      </Part>
      <Part title="Fields that its profile does not read">
        {unread.length === 0 ? (
          <p class="soft">Its profile reads all that came.</p>
        ) : (
          <ul>
            {unread.map(({ count, path, sample }) => (
              <li key={path}>
                <code>{path}</code> such as <code class="device-sample">{sample}</code>{" "}
                <span class="soft">{countText(count)} times</span>
              </li>
            ))}
          </ul>
        )}
      </Part>
      {description !== null && (
        <Part title="What it says of itself">
          <pre>{description}</pre>
        </Part>
      )}
    </div>
  );
}

function Part({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="card">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Pairs({ pairs }: { readonly pairs: Readonly<Record<string, string>> }) {
  return (
    <dl class="device-pairs">
      {Object.entries(pairs).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}
