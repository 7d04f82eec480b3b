/** The graph as drawings show it: stages by account, each with its outcome. */
import type { Stage } from "../../components/stages";
import { outcomeOf } from "./words";
import type { StageReport } from "../model/reports";

/** `loss`: changes, and loses data. */
export type Standing =
  "plain" | "changed" | "loss" | "unchanged" | "failed" | "skipped" | "absent" | "removed";

export interface NodeView {
  readonly name: string;
  readonly account: string;
  readonly needs: readonly string[];
  readonly standing: Standing;
  /** A few words below the name: `2 to create`. */
  readonly note?: string;
}

/** The graph of the settings, independent of what is deployed. */
export function viewOfStages(stages: readonly Stage[]): NodeView[] {
  return stages.map(({ name, account, needs }) => ({ name, account, needs, standing: "plain" }));
}

/** The graph of a run's report. */
export function viewOfReport(reports: readonly StageReport[]): NodeView[] {
  const names = new Set(reports.map(({ stage }) => stage));
  return reports.map((report) => ({
    name: report.stage,
    account: report.account,
    needs: (report.needs ?? []).filter((need) => names.has(need)),
    standing: standingOf(report),
    note: outcomeOf(report),
  }));
}

function standingOf({ status, dangers = [], departed }: StageReport): Standing {
  if (status === "changed" && dangers.some(({ allowed }) => !allowed)) return "loss";
  return departed ? "removed" : status;
}

/** The accounts in the order of their first stages, each with its stages. */
export function byAccount(nodes: readonly NodeView[]): [string, NodeView[]][] {
  const accounts = new Map<string, NodeView[]>();
  for (const node of nodes) accounts.set(node.account, [...(accounts.get(node.account) ?? []), node]);
  return [...accounts];
}

/** Fill and border by standing, with enough contrast for black text. */
export const COLOURS: Readonly<Record<Standing, readonly [fill: string, stroke: string]>> = {
  plain: ["#f6f8fa", "#57606a"],
  unchanged: ["#f6f8fa", "#8c959f"],
  absent: ["#f6f8fa", "#8c959f"],
  changed: ["#fff8c5", "#9a6700"],
  removed: ["#ffebe9", "#cf222e"],
  loss: ["#ff8182", "#a40e26"],
  failed: ["#ff8182", "#a40e26"],
  skipped: ["#eaeef2", "#57606a"],
};
