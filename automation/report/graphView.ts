/** The graph as drawings show it: stages by account, and what becomes of each. */
import type { Stage } from "../../components/stages";
import { shown } from "./words";
import type { StageReport } from "../model/reports";

/** `danger`: changes, and takes away what holds data. */
export type Standing =
  "plain" | "changed" | "danger" | "unchanged" | "failed" | "skipped" | "absent" | "departed";

export interface NodeView {
  readonly name: string;
  readonly account: string;
  readonly needs: readonly string[];
  readonly standing: Standing;
  /** A few words for under the name: `2 to create`. */
  readonly note?: string;
}

/** The graph of the settings, with nothing known of what is deployed. */
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
    note: shown(report),
  }));
}

function standingOf({ status, dangers = [], departed }: StageReport): Standing {
  if (status === "changed" && dangers.some(({ allowed }) => !allowed)) return "danger";
  return departed ? "departed" : status;
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
  departed: ["#ffebe9", "#cf222e"],
  danger: ["#ff8182", "#a40e26"],
  failed: ["#ff8182", "#a40e26"],
  skipped: ["#eaeef2", "#57606a"],
};
