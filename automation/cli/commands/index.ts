/** The commands, in the order in which the help lists them. Each is loaded when it is called: others start without it. */
import type { CliCommand } from "../command";

interface CommandEntry {
  readonly name: string;
  /** One line, for the list of commands and its own help. */
  readonly summary: string;
  readonly load: () => Promise<CliCommand>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "preview",
    summary: "show what `up` would do in every stage; changes nothing",
    load: async () => (await import("./preview.js")).preview,
  },
  {
    name: "up",
    summary: "bring every stage up, each after what it needs",
    load: async () => (await import("./up.js")).up,
  },
  {
    name: "drift",
    summary: "show what AWS has that differs from what was deployed; changes nothing",
    load: async () => (await import("./drift.js")).drift,
  },
  {
    name: "destroy",
    summary: "destroy every stage, in reverse",
    load: async () => (await import("./destroy.js")).destroy,
  },
  {
    name: "leftovers",
    summary: "list what deleted feature groups and consumers left behind in the accounts",
    load: async () => (await import("./leftovers.js")).leftovers,
  },
  {
    name: "outputs",
    summary: "print the contracts of the deployed stages, as JSON",
    load: async () => (await import("./outputs.js")).outputs,
  },
  {
    name: "graph",
    summary: "draw the stages as text; needs no engine and no credentials",
    load: async () => (await import("./graph.js")).graph,
  },
  {
    name: "settings",
    summary: "print the validated settings with their defaults, as JSON; needs no engine and no credentials",
    load: async () => (await import("./settings.js")).settings,
  },
  {
    name: "policy-config",
    summary: "print the policy pack's configuration for the environment, for `pulumi preview` and `up`",
    load: async () => (await import("./policyConfig.js")).policyConfig,
  },
  {
    name: "comment",
    summary: "post a preview on its pull request, or update the comment that was posted",
    load: async () => (await import("./comment.js")).comment,
  },
  {
    name: "evolve",
    summary: "change a feature group's schema: features added in place, or a new version beside it",
    load: async () => (await import("./evolve.js")).evolve,
  },
  {
    name: "prove",
    summary: "prove from the policies who can do what; needs no engine and no credentials",
    load: async () => (await import("./prove.js")).prove,
  },
  {
    name: "report",
    summary: "write the proof of access as one page for a browser, which loads nothing",
    load: async () => (await import("./report.js")).report,
  },
  {
    name: "credentials",
    summary: "print settings for a consumer's workloads: profile and environment; nothing secret",
    load: async () => (await import("./credentials.js")).credentials,
  },
  {
    name: "grants",
    summary: "list Feature Store's grants on the stores' keys, by feature group, or revoke one",
    load: async () => (await import("./grants.js")).grants,
  },
  {
    name: "verify",
    summary: "try the deployed access for real, as each side and as strangers",
    load: async () => (await import("./verify.js")).verify,
  },
];
