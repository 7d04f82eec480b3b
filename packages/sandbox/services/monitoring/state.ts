/** Alarms as the sandbox stores them. Source: Amazon CloudWatch API Reference, "MetricAlarm". */
import type { Collection, World } from "../../core";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";
export type Statistic = "SampleCount" | "Average" | "Sum" | "Minimum" | "Maximum";

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export interface OneMetric {
  readonly MetricName: string;
  readonly Namespace: string;
  readonly Statistic: Statistic;
  readonly Dimensions: readonly Dimension[];
  readonly Period: number;
  readonly Unit?: string;
}

/** An entry of metric math. Source: Amazon CloudWatch API Reference, "MetricDataQuery". */
export interface MetricQuery {
  readonly Id: string;
  readonly Label?: string;
  readonly ReturnData: boolean;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly Dimension[];
    };
    readonly Period: number;
    readonly Stat: Statistic;
    readonly Unit?: string;
  };
}

/** Members under AWS's names are returned unchanged; times are ISO 8601. */
export interface Alarm {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** The metrics whose sum is compared. */
  readonly terms: readonly { readonly metric: string; readonly statistic: Statistic }[];
  /** Seconds. */
  readonly period: number;
  readonly shown: (OneMetric | { readonly Metrics: readonly MetricQuery[] }) & {
    readonly AlarmName: string;
    readonly AlarmArn: string;
    readonly AlarmDescription?: string;
    readonly ActionsEnabled: boolean;
    readonly OKActions: readonly string[];
    readonly AlarmActions: readonly string[];
    readonly InsufficientDataActions: readonly string[];
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
