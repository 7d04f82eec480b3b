// Policies in AWS's sizes: what a role's documents grant however many they are, and that what the plan counts is what is
// written. Does not prove the quotas themselves: they are AWS's, and their source is in fitting.ts.
import { expect } from "chai";
import fc from "fast-check";
import { planAccess, accessDocuments } from "../../components/topologies/assumed-role/policies/accessPlan";
import { QUOTAS, sizeOf } from "../../components/policies/quotas";
import {
  groupStatements,
  sharedStatements,
} from "../../components/topologies/assumed-role/policies/crossAccountRole";
import type { PermittedGroup } from "../../components/topologies/assumed-role/policies/facts";
import { policy, type Policy, type Statement } from "../../components/policies/document";
import { plannedAccess } from "../../components/topologies/assumed-role/quotas";
import { parseSettings, SettingsError } from "../../components/settings";
import type { Permission } from "../../components/topologies/assumed-role";
import { facts, granted, PERMISSIONS } from "./assumedRole-world";
import { devSettings } from "./support";

const permissions = fc.subarray([...PERMISSIONS], { minLength: 1 });
const groups = fc
  .array(fc.tuple(fc.stringMatching(/^[a-z][a-z0-9]{2,50}$/), permissions), { minLength: 1, maxLength: 120 })
  .map((all) => [...new Map(all)].map(([name, access]) => granted(name, access)));

/** Each single thing that the documents grant: action, resource, and condition. */
function singles(documents: readonly Policy[]): Set<string> {
  const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
    value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
  const found = new Set<string>();
  for (const { Action, Resource, Condition } of documents.flatMap(({ Statement }) => Statement))
    for (const action of list(Action))
      for (const resource of list(Resource))
        for (const condition of conditions(Condition)) found.add(`${action} ${resource} ${condition}`);
  return found;
}

/** A condition with a list of prefixes is one condition for each. */
function conditions(condition: Statement["Condition"]): string[] {
  const prefixes = condition?.["StringLike"]?.["s3:prefix"];
  if (prefixes === undefined || typeof prefixes === "string") return [JSON.stringify(condition)];
  return prefixes.map((prefix) => JSON.stringify({ ...condition, StringLike: { "s3:prefix": prefix } }));
}

describe("a role's access in documents", () => {
  it("grants what one document would, each within its quota (property)", () => {
    fc.assert(
      fc.property(groups, (all) => {
        const known = facts(all);
        const plan = planAccess(known);
        const documents = accessDocuments(known, plan);
        const whole = policy(...sharedStatements(known), ...groupStatements(known));
        expect(singles(documents)).to.deep.equal(singles([whole]));
        if (plan.kind === "inline") expect(sizeOf(whole)).to.be.at.most(QUOTAS.inlinePolicies);
        else for (const each of documents) expect(sizeOf(each)).to.be.at.most(QUOTAS.managedPolicy);
      }),
    );
  });

  it("holds a hundred feature groups with everything granted", () => {
    const all = Array.from({ length: 100 }, (_, index) => granted(`customers-of-shop-${index}`, PERMISSIONS));
    const plan = planAccess(facts(all));
    expect(plan.kind).to.equal("managed");
    expect(accessDocuments(facts(all), plan).length).to.be.at.most(QUOTAS.managedPolicies);
  });

  it("is laid out by the plan alone: what is made later fills it, and nothing falls out", () => {
    const all = Array.from({ length: 60 }, (_, index) => granted(`group-${index}`, PERMISSIONS));
    const plan = planAccess(facts(all));
    const longer = all.map((group): PermittedGroup => ({
      ...group,
      s3Uri: `${group.s3Uri}/longer/than/planned`,
    }));
    const count = (of: readonly PermittedGroup[]) => accessDocuments(facts(of), plan).length;
    expect(count(longer)).to.equal(count(all));
    expect(singles(accessDocuments(facts(longer), plan))).to.deep.equal(
      singles([policy(...sharedStatements(facts(longer)), ...groupStatements(facts(longer)))]),
    );
  });
});

describe("the planned sizes", () => {
  const settings = parseSettings(devSettings());
  const { centralStore, consumers } = settings;
  const [consumer] = consumers;
  if (!consumer || !centralStore) throw new Error("no consumer");

  it("are those of what AWS names", () => {
    const planned = plannedAccess(settings, centralStore, consumer);
    const B = "222222222222";
    const base = "s3://shop-central-store-sagemaker-dev/central";
    const actual = {
      ...planned,
      // As the sandbox named them in a deployment.
      onlineKeyArn: `arn:aws:kms:us-east-1:${B}:key/7f739f2c-7253-47ed-8549-6bb0b0a8e03f`,
      offlineKeyArn: `arn:aws:kms:us-east-1:${B}:key/e5f3daeb-46c4-4acf-ade1-cd40c42c5e24`,
      workgroupArn: `arn:aws:athena:us-east-1:${B}:workgroup/cross-account-fraud-scoring-workgroup-30502b5`,
      groups: planned.groups.map((group) => ({
        ...group,
        s3Uri: `${base}/${B}/sagemaker/us-east-1/offline-store/${group.name}-1795419601/data`,
        table: { database: "sagemaker_featurestore", name: `${group.name}_1795419601` },
      })),
    };
    const sizes = (of: typeof planned) => accessDocuments(of, planAccess(planned)).map(sizeOf);
    expect(sizes(actual)).to.deep.equal(sizes(planned));
  });

  it("that are too large are an error of the settings: where, how large, what to change", () => {
    const raw: any = devSettings();
    const names = Array.from(
      { length: 200 },
      (_, index) => `a-feature-group-with-quite-a-long-name-${index}`,
    );
    const [template] = raw.centralStore.featureGroups;
    raw.centralStore.featureGroups = names.map((name) => ({ ...template, name }));
    const access = Object.fromEntries(names.map((name) => [name, [...PERMISSIONS] as Permission[]]));
    raw.consumers = { "fraud-scoring": { ...raw.consumers["fraud-scoring"], access } };
    expect(() => parseSettings(raw))
      .to.throw(SettingsError, /consumers\.fraud-scoring\.access: .* 10 per role: name fewer feature groups/)
      .with.property("exitCode", 3);
  });

  it("count every writer and administrator that a policy names", () => {
    const arns = (count: number) =>
      Array.from(
        { length: count },
        (_, index) => `arn:aws:iam::111111111111:role/teams/data/writer-number-${index}`,
      );
    const raw: any = devSettings();
    raw.offlineStore = { ...raw.offlineStore, additionalWriterRoleArns: arns(300) };
    expect(() => parseSettings(raw)).to.throw(
      /account B's bucket policy would have [\d,]+ characters, and AWS allows 20,480/,
    );
    raw.offlineStore = {
      ...raw.offlineStore,
      additionalWriterRoleArns: [],
      keyAdministrators: arns(600),
    };
    expect(() => parseSettings(raw)).to.throw(
      /account A's key policy would have [\d,]+ characters, and AWS allows 32,768/,
    );
  });
});
