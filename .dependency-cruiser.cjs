// The arrows of docs/architecture.md: which room may import which.
const room = (name) => `^${name}/`;
/** Nothing in `from` may import what matches `to`. */
const wall = (from, to, comment) => ({
  name: `${from} -> ${to}`,
  comment,
  severity: "error",
  from: { path: room(from) },
  to: { path: room(to) },
});

module.exports = {
  forbidden: [
    wall("components", "automation", "components know nothing of the driver"),
    wall("components", "access", "components make policies; what they grant is judged elsewhere"),
    wall("components", "packages", "components make policies; nothing in them evaluates one"),
    wall("automation", "packages/sandbox", "the product does not know the sandbox"),
    wall("automation", "tools", "the product does not know the local commands"),
    wall(
      "access",
      "(automation|components|packages/sandbox|tools)",
      "access knows policies and resource shapes only",
    ),
    wall(
      "packages/iam",
      "(access|automation|components|packages/sandbox|policy-pack|tools)",
      "iam imports nothing of the project",
    ),
    wall(
      "packages/sandbox",
      "(access|automation|components|policy-pack|tools)",
      "the sandbox uses iam and nothing else of the project",
    ),
    wall(
      "policy-pack",
      "(automation|components|access|packages|tools)",
      "the rules know resources as programs declare them, and nothing of this project",
    ),
    {
      name: "rules are pure",
      severity: "error",
      from: { path: room("policy-pack/rules") },
      to: { pathNot: [room("policy-pack/rules")] },
    },
    {
      name: "the driver judges by the rules, without Pulumi's policy server",
      severity: "error",
      from: { pathNot: ["^policy-pack/", "^test/"] },
      to: { path: "^policy-pack/", pathNot: room("policy-pack/rules") },
    },
    wall("components", "policy-pack", "components are judged: they know nothing of the rules"),
    {
      name: "policies are pure functions of their facts",
      severity: "error",
      from: { path: room("components/policies") },
      to: { pathNot: [room("components/policies")] },
    },
    {
      name: "access is pure",
      severity: "error",
      from: { path: room("access") },
      to: { path: "@pulumi/" },
    },
    {
      name: "only automation/ uses the Automation API",
      severity: "error",
      from: { pathNot: ["^automation/", "^test/", "^bench/"] },
      to: { path: "@pulumi/pulumi/automation" },
    },
    {
      name: "only tests, benchmarks and local commands know the sandbox",
      severity: "error",
      from: { pathNot: ["^packages/sandbox/", "^test/", "^bench/", "^tools/local/"] },
      to: { path: room("packages/sandbox") },
    },
    {
      name: "no cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["require", "node", "types", "import"],
    },
  },
};
