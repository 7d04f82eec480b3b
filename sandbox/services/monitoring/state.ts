/** Alarms as the sandbox keeps them. Source: Amazon CloudWatch API Reference, "MetricAlarm". */
import type { Collection, World } from "../../core";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";
export type Statistic = "SampleCount" | "Average" | "Sum" | "Minimum" | "Maximum";

/** Members by AWS's names are answered as they are; times are ISO 8601. */
export interface Alarm {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** The metric's key. */
  readonly metric: string;
  readonly shown: {
    readonly AlarmName: string;
    readonly AlarmArn: string;
    readonly AlarmDescription?: string;
    readonly ActionsEnabled: boolean;
    readonly OKActions: readonly string[];
    readonly AlarmActions: readonly string[];
    readonly InsufficientDataActions: readonly string[];
    readonly MetricName: string;
    readonly Namespace: string;
    readonly Statistic: Statistic;
    readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    readonly Period: number;
    readonly Unit?: string;
    readonly EvaluationPeriods: number;
    readonly DatapointsToAlarm?: number;
    readonly Threshold: number;
    readonly ComparisonOperator: string;
    readonly TreatMissingData?: string;
  };
  readonly configured: string;
  state: AlarmState;
  reason: string;
  reasonData?: string;
  stateUpdated: string;
  tags: Record<string, string>;
}

export const alarms = ({ store }: World): Collection<Alarm> => store.collection<Alarm>("monitoring.alarms");

export function alarmArn(region: string, account: string, name: string): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
}
