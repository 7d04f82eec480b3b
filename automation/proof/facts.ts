/** Derives intents from settings and an access model: those of topologies, monitoring and profiles. */
import type { PolicyStatement } from "@feature-store-access/iam";
import { monitoringIntents, type MonitoringFacts } from "../../access/intents/monitoring";
import { profileIntents, type ProfileFacts } from "../../access/intents/profiles";
import type { Intent } from "../../access/intents/types";
import type { AccessModel } from "../../access/model";
import { topologyIntents } from "../../access/topologies";
import { ref as monitoringStage } from "../../components/monitoring/kinds";
import { ref as profilesStage } from "../../components/profiles/kinds";
import { profileRoleName } from "../../components/profiles/profileRole";
import { accountOf, existingKeyArn, type ProfileSettings, type Settings } from "../../components/settings";
import { storesOf } from "../../components/topologies";
import { factsOf } from "../topologies";

/** The account of strangers: settings cannot name it, so it stands for every other account. */
const STRANGER = "000000000000";

/** The intents of the settings for the resources in the model. */
export function intentsOf(settings: Settings, model: AccessModel): Intent[] {
  const exact = settings.policyMode === "leastPrivilege";
  const { partition } = accountOf(settings, "B");
  const strangers = { partition, account: STRANGER };
  const facts = factsOf(settings, model);
  const stores = Object.values(facts).flatMap((own) => ("store" in own ? own.store : []));
  const intents = [
    ...topologyIntents(facts, { strangers, exact }),
    ...monitoringFacts(settings, model).flatMap((own) => monitoringIntents(own, strangers)),
    ...settings.profiles.flatMap((profile) => {
      const store = stores.find(({ setting }) => setting === profile.store);
      const own = profileFacts(settings, model, profile);
      return store && own ? profileIntents(store, own, strangers) : [];
    }),
  ];
  const existing = existingKeys(settings);
  return intents.map((intent) => {
    if (intent.expect === "denied") return intent;
    // An existing key's policy belongs to its owner; the driver's preflight checks the key itself.
    const steps = intent.steps.map((step) =>
      existing.has(step.scope) ? { ...step, resourceAssumed: true } : step,
    );
    return { ...intent, steps };
  });
}

/** ARNs of the existing keys. */
function existingKeys(settings: Settings): ReadonlySet<string> {
  const keys = storesOf(settings).flatMap(({ settings: { keys: of } }) => [of.online, of.offline]);
  return new Set(keys.map(existingKeyArn).filter((arn) => arn !== undefined));
}

function monitoringFacts(settings: Settings, { resources }: AccessModel): MonitoringFacts[] {
  return (["A", "B"] as const).flatMap((name): MonitoringFacts[] => {
    if (!settings.monitoring?.accounts[name]) return [];
    const { name: stage } = monitoringStage("monitoring", name);
    const { id: account, partition, region } = accountOf(settings, name);
    const topics = resources.filter((each) => each.kind === "topic" && each.stage === stage);
    const bucket = resources.find((each) => each.kind === "bucket" && each.stage === stage);
    const trailArn = (bucket?.policy?.document.Statement as readonly PolicyStatement[] | undefined)
      ?.map(({ Condition }) => Condition?.["StringEquals"]?.["aws:SourceArn"])
      .find(
        (arn) =>
          typeof arn === "string" && arn.startsWith(`arn:${partition}:cloudtrail:${region}:${account}:`),
      );
    return [
      {
        stage,
        partition,
        account,
        topics: topics.map(({ arn, region: of }) => ({ arn, region: of })),
        ...(bucket && typeof trailArn === "string"
          ? { trail: { arn: trailArn, bucketArn: bucket.arn } }
          : {}),
      },
    ];
  });
}

function profileFacts(
  settings: Settings,
  { roles }: AccessModel,
  { name, profile, account, trustedRoleArns, scope }: ProfileSettings,
): ProfileFacts | undefined {
  const label = `${profilesStage("profiles", account).name}.${profileRoleName(name)}`;
  const roleArn = roles.find((each) => each.label === label)?.arn;
  if (roleArn === undefined) return undefined;
  return { name, profile, roleArn, account: accountOf(settings, account).id, trustedRoleArns, scope };
}
