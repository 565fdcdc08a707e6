/** Why an alert is as it is: the condition now, its rule, its labels. */
import type { AlertPage } from "../../../api/shapes/alert.ts";

export function AlertMore({ page }: { readonly page: AlertPage }) {
  const { annotations, explain, row, rule } = page;
  return (
    <>
      <h3>Explain</h3>
      {explain.length === 0 ? (
        <p class="soft">What judges it is not in reach from here.</p>
      ) : (
        <ul class="alerts-explain">
          {explain.map((line, index) => (
            <li key={`${line} ${index}`}>{line}</li>
          ))}
        </ul>
      )}
      <Pairs title="Annotations" pairs={annotations} />
      <Pairs title="Labels" pairs={row.labels} />
      <h3>Rule</h3>
      {rule === null ? (
        <p class="soft">{row.rule} is in no file that is known here.</p>
      ) : (
        <>
          {rule.file !== null && (
            <p class="soft">
              <code>
                {rule.file}
                {rule.line === null ? "" : `:${rule.line}`}
              </code>
            </p>
          )}
          <pre>{rule.text}</pre>
        </>
      )}
    </>
  );
}

interface PairsProps {
  readonly title: string;
  readonly pairs: Readonly<Record<string, string>>;
}

function Pairs({ title, pairs }: PairsProps) {
  const entries = Object.entries(pairs);
  if (entries.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <dl class="alerts-pairs">
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {isLink(value) ? (
                <a href={value} target="_blank" rel="noreferrer">
                  {value}
                </a>
              ) : (
                value
              )}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** Such as of a runbook; what else a rule may write is shown as it is. */
function isLink(value: string): boolean {
  return /^https?:\/\//.test(value);
}
