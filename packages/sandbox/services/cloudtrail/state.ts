/** Trails as the sandbox stores them, and the events that they log. Source: AWS CloudTrail API Reference. */
import { AwsError, type Call, type Collection, type World } from "../../core";
import type { TrailEvent } from "./event";
import { resourceTagContext } from "../../protocol/tags";

export interface FieldSelector {
  readonly Field: string;
  readonly Equals?: readonly string[];
  readonly StartsWith?: readonly string[];
  readonly EndsWith?: readonly string[];
  readonly NotEquals?: readonly string[];
  readonly NotStartsWith?: readonly string[];
  readonly NotEndsWith?: readonly string[];
}

export interface AdvancedSelector {
  readonly Name?: string;
  readonly FieldSelectors: readonly FieldSelector[];
}

export interface EventSelector {
  readonly ReadWriteType: "All" | "ReadOnly" | "WriteOnly";
  readonly IncludeManagementEvents: boolean;
  readonly DataResources: readonly { readonly Type: string; readonly Values: readonly string[] }[];
  readonly ExcludeManagementEventSources: readonly string[];
}

/** Members under AWS's names are returned unchanged. */
export interface Trail {
  readonly arn: string;
  readonly account: string;
  readonly shown: {
    readonly Name: string;
    S3BucketName: string;
    S3KeyPrefix?: string;
    SnsTopicName?: string;
    SnsTopicARN?: string;
    IncludeGlobalServiceEvents: boolean;
    IsMultiRegionTrail: boolean;
    readonly HomeRegion: string;
    readonly TrailARN: string;
    LogFileValidationEnabled: boolean;
    KmsKeyId?: string;
  };
  logging: boolean;
  /** Seconds since 1970. */
  started?: number;
  stopped?: number;
  selectors: EventSelector[];
  advanced?: AdvancedSelector[];
  tags: Record<string, string>;
}

export const trails = ({ store }: World): Collection<Trail> => store.collection<Trail>("cloudtrail.trails");

export function trailArn(region: string, account: string, name: string): string {
  return `arn:aws:cloudtrail:${region}:${account}:trail/${name}`;
}

/** The trail of that name or ARN, once the caller may do `action` on it. A name is looked up in the call's region. */
export function allowedTrail(world: World, call: Call, action: string, name: string, context = {}): Trail {
  const arn = name.startsWith("arn:") ? name : trailArn(call.region, call.caller.account, name);
  if (!/^arn:aws:cloudtrail:[a-z0-9-]+:\d{12}:trail\/[\w.-]+$/.test(arn))
    throw new AwsError("InvalidTrailNameException", `Trail name or ARN is not valid: ${name}`);
  const found = trails(world).get(arn) ?? shadow(world, call, arn);
  world.authorize(call, {
    action: `cloudtrail:${action}`,
    resource: arn,
    resourceAccount: arn.split(":")[4] ?? "",
    context: { ...resourceTagContext(found?.tags ?? {}), ...context },
    code: "AccessDeniedException",
  });
  if (!found)
    throw new AwsError(
      "TrailNotFoundException",
      `Unknown trail: ${arn} for the user: ${call.caller.account}`,
    );
  return found;
}

/** A multi-Region trail appears in every region under its name. */
function shadow(world: World, call: Call, arn: string): Trail | undefined {
  const name = arn.split(":trail/")[1];
  return [...trails(world).values()].find(
    ({ account, shown }) =>
      account === call.caller.account && shown.IsMultiRegionTrail && shown.Name === name,
  );
}

/** True if a trail of the event's account and region that is logging logs this kind of event. */
export function isLogged(world: World, event: TrailEvent): boolean {
  for (const trail of trails(world).values()) {
    if (!trail.logging || trail.account !== event.account) continue;
    const { HomeRegion, IsMultiRegionTrail, IncludeGlobalServiceEvents } = trail.shown;
    if (HomeRegion !== event.region && !IsMultiRegionTrail) continue;
    if (event.source === "iam.amazonaws.com" && !IncludeGlobalServiceEvents) continue;
    const selected = trail.advanced
      ? trail.advanced.some((selector) => fitsAdvanced(selector, event))
      : trail.selectors.some((selector) => fitsBasic(selector, event));
    if (selected) return true;
  }
  return false;
}

function fitsBasic(selector: EventSelector, event: TrailEvent): boolean {
  const { ReadWriteType: kind } = selector;
  if (kind !== "All" && (kind === "ReadOnly") !== event.readOnly) return false;
  if (!event.data)
    return selector.IncludeManagementEvents && !selector.ExcludeManagementEventSources.includes(event.source);
  return selector.DataResources.some(({ Type, Values }) =>
    Values.some((value) =>
      event.resources.some(({ type, ARN }) => {
        if (Type === "AWS::S3::Object" && !type.startsWith("AWS::S3::")) return false;
        if (Type !== "AWS::S3::Object" && type !== Type) return false;
        // `arn:aws:s3:::bucket/` covers the whole bucket, its listing included.
        return ARN.startsWith(value) || `${ARN}/` === value;
      }),
    ),
  );
}

function fitsAdvanced({ FieldSelectors }: AdvancedSelector, event: TrailEvent): boolean {
  return FieldSelectors.every((field) => {
    const values = valuesOf(field.Field, event);
    const any = (texts: readonly string[], fits: (value: string, text: string) => boolean) =>
      values.some((value) => texts.some((text) => fits(value, text)));
    const equals = (value: string, text: string) => value === text;
    const starts = (value: string, text: string) => value.startsWith(text);
    const ends = (value: string, text: string) => value.endsWith(text);
    const positive: boolean[] = [];
    if (field.Equals?.length) positive.push(any(field.Equals, equals));
    if (field.StartsWith?.length) positive.push(any(field.StartsWith, starts));
    if (field.EndsWith?.length) positive.push(any(field.EndsWith, ends));
    if (positive.length > 0 && !positive.includes(true)) return false;
    return !(
      any(field.NotEquals ?? [], equals) ||
      any(field.NotStartsWith ?? [], starts) ||
      any(field.NotEndsWith ?? [], ends)
    );
  });
}

/** A selector's field of an event; for S3's events the resource is the object, or the bucket if there is none. */
function valuesOf(field: string, event: TrailEvent): string[] {
  const isS3 = event.source === "s3.amazonaws.com";
  const objects = event.resources.filter(({ type }) => type === "AWS::S3::Object");
  switch (field) {
    case "eventCategory":
      return [event.data ? "Data" : "Management"];
    case "readOnly":
      return [String(event.readOnly)];
    case "eventName":
      return [event.name];
    case "eventSource":
      return [event.source];
    case "eventType":
      return ["AwsApiCall"];
    case "resources.type":
      return isS3 ? ["AWS::S3::Object"] : event.resources.map(({ type }) => type);
    case "resources.ARN": {
      if (!isS3) return event.resources.map(({ ARN }) => ARN);
      return objects.length > 0
        ? objects.map(({ ARN }) => ARN)
        : event.resources.flatMap(({ ARN }) => [ARN, `${ARN}/`]);
    }
    case "userIdentity.arn": {
      const { userIdentity } = JSON.parse(event.record) as { userIdentity: { arn?: string } };
      return userIdentity.arn === undefined ? [] : [userIdentity.arn];
    }
    default:
      return [];
  }
}
