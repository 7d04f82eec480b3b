/** The input that a target receives for an event. Source: EventBridge User Guide, "Amazon EventBridge input transformation". */
import type { Rule, Target } from "./state";

type Json = unknown;

export function inputOf(target: Target, event: Readonly<Record<string, Json>>, rule: Rule): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(atPath(event, target.InputPath) ?? null);
  const { InputTransformer: transformer } = target;
  if (!transformer) return JSON.stringify(event);
  const values = new Map<string, Json>(
    Object.entries(transformer.InputPathsMap ?? {}).map(([name, path]) => [name, atPath(event, path)]),
  );
  values.set("aws.events.rule-arn", rule.arn);
  values.set("aws.events.rule-name", rule.name);
  values.set("aws.events.event.json", event);
  values.set("aws.events.event", event);
  values.set("aws.events.event.ingestion-time", event["time"]);
  return filled(transformer.InputTemplate, values);
}

/** Inside quotes a text is inserted unchanged, elsewhere as JSON. */
function filled(template: string, values: ReadonlyMap<string, Json>): string {
  let quoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/g, (whole, name: string | undefined) => {
    if (whole === '"') quoted = !quoted;
    if (name === undefined || !values.has(name)) return whole;
    const value = values.get(name);
    if (!quoted) return JSON.stringify(value ?? "");
    const text = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
    return JSON.stringify(text).slice(1, -1);
  });
}

/** `$.detail.resources[0].ARN`; undefined if there is nothing. */
function atPath(event: Json, path: string): Json {
  let value = event;
  for (const [, name, index, quoted] of path.slice(1).matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/g)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, Json>)[name ?? index ?? quoted ?? ""];
  }
  return value;
}
