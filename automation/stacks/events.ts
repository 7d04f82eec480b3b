/** Reads a run's results and outputs from the engine's events. */
import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { BegunCreation, ResourceChange } from "../model/stackPort";
import { fromEventOutputs } from "../graph/wiring";
import type { WireValues } from "../model/wires";

const ROOT_TYPE = "pulumi:pulumi:Stack";

/** Collects the results of one run. Pass every event to `add`. */
export class EventLog {
  readonly changes: ResourceChange[] = [];
  readonly errors: string[] = [];
  unchanged = 0;
  outputs: WireValues = {};
  private readonly seen = new Set<string>();
  private readonly begun = new Map<string, BegunCreation>();
  /** Resources being refreshed, which is not a step of the program. */
  private readonly refreshing = new Set<string>();

  add(event: EngineEvent): void {
    this.follow(event);
    const outputs = event.resOutputsEvent?.metadata;
    if (outputs?.type === ROOT_TYPE && outputs.new)
      this.outputs = fromEventOutputs(outputs.new.outputs ?? {});
    const change = changeOf(event);
    if (change && event.resourcePreEvent?.metadata.op === "refresh") this.refreshing.add(change.urn);
    else if (
      change &&
      (event.resOutputsEvent || event.resOpFailedEvent) &&
      !this.refreshing.delete(change.urn)
    )
      this.count(change);
    const diagnostic = event.diagnosticEvent;
    if (diagnostic?.severity === "error") this.addError(diagnostic.message, diagnostic.urn);
  }

  /** Creations whose start an event reported, but not their end. */
  get unanswered(): readonly BegunCreation[] {
    return [...this.begun.values()];
  }

  private follow(event: EngineEvent): void {
    const before = event.resourcePreEvent?.metadata;
    if (before && /^create/.test(before.op) && before.new?.custom) {
      const { urn, type, parent, provider, protect, retainOnDelete, inputs } = before.new;
      this.begun.set(urn, { urn, type, custom: true, parent, provider, protect, retainOnDelete, inputs });
    }
    const after = event.resOutputsEvent?.metadata;
    if (after) this.begun.delete(after.urn);
  }

  private count(change: ResourceChange): void {
    const step = `${change.op} ${change.urn}`;
    if (this.seen.has(step)) return;
    this.seen.add(step);
    if (change.op === "same") this.unchanged++;
    else this.changes.push(change);
  }

  private addError(message: string, urn: string | undefined): void {
    const text = plain(message).trim();
    if (text === "" || /^(update|preview|refresh|destroy) failed$/i.test(text)) return;
    const line = urn && nameOf(urn) && !urn.includes(ROOT_TYPE + "::") ? `${nameOf(urn)}: ${text}` : text;
    if (!this.errors.includes(line)) this.errors.push(line);
  }
}

/** The resource step of an event, if it has one (the root stack and the providers are left out). */
export function changeOf(event: EngineEvent): ResourceChange | undefined {
  const metadata = (event.resOutputsEvent ?? event.resourcePreEvent ?? event.resOpFailedEvent)?.metadata;
  if (!metadata || metadata.type === ROOT_TYPE || metadata.type.startsWith("pulumi:providers:"))
    return undefined;
  const detailed = Object.entries(metadata.detailedDiff ?? {});
  return {
    op: metadata.op,
    urn: metadata.urn,
    type: metadata.type,
    name: nameOf(metadata.urn),
    properties: detailed.length > 0 ? detailed.map(([path]) => path) : (metadata.diffs ?? []),
    replaces:
      metadata.keys ??
      detailed.filter(([, diff]) => diff.diffKind.endsWith("-replace")).map(([path]) => path),
  };
}

/** `urn:pulumi:stack::project::type::name` -> `name`. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** A message of the engine without its colour tags (`<{%fg 1%}>`) and escape codes. */
export function plain(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").replace(/\u001b\[[0-9;]*m/g, "");
}
