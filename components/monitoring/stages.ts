/** Monitoring as stages: one for each watched account, after all stages that it watches. */
import * as pulumi from "@pulumi/pulumi";
import { accountOf, type MonitoringSettings, type SharedSettings } from "../settings/types";
import { defineStage, each, type Stage } from "../stage";
import { ref } from "./kinds";
import { Monitoring } from "./monitoring";
import type { Watched } from "./patterns";
import { createTrail } from "./trail";
import { watchedBy } from "./watched";

/** @param others the stages of the graph without monitoring */
export function monitoringStages(
  monitoring: Pick<MonitoringSettings, "accounts"> | undefined,
  others: readonly Stage[],
): readonly Stage[] {
  return (["A", "B"] as const).flatMap((account) =>
    monitoring?.accounts[account] ? [monitoringOf(account, others)] : [],
  );
}

const monitoringOf = (account: "A" | "B", others: readonly Stage[]): Stage =>
  defineStage({
    is: ref("monitoring", account),
    account,
    needs: { things: each(others.flatMap((other) => (other.account === account && other.watched) || [])) },
    program({ settings, place, options }, given) {
      const { monitoring } = settings;
      const own = monitoring?.accounts[account];
      if (!monitoring || !own) throw new Error(`the settings have no monitoring of account ${account}`);
      const { id, partition, region } = place;
      const { watched, planned } = watchedBy(given.things.flatMap((things) => things(settings)));
      const name = `monitoring-${account.toLowerCase()}`;
      const { subscribers, accessDenied } = monitoring;
      const base = { partition, account: id, subscribers, accessDenied };
      const trailArn = trail(name, settings, account, watched, options());
      const here = new Monitoring(
        name,
        {
          ...base,
          region,
          topicKeyArn: own.topicKeyArn,
          watched: watched.apply((all) => inRegion(all, partition, region)),
          planned: inRegion(planned, partition, region),
        },
        options(),
      );
      const home = iamRegion(partition);
      const away =
        home === region
          ? undefined
          : new Monitoring(
              `${name}-iam`,
              { ...base, region: home, watched: watched.apply(rolesAlone), planned: rolesAlone(planned) },
              options(home),
            );
      return {
        topicArns: pulumi.all([here.topicArn, ...(away ? [away.topicArn] : [])]),
        rules: pulumi.all([here.rules, ...(away ? [away.rules] : [])]).apply((all) => all.flat()),
        trailArn,
      };
    },
  });

/**
 * The one region that has the events of IAM. Source: IAM User Guide, "Logging IAM and AWS STS API calls"; EventBridge
 * User Guide, "Events from global services".
 */
function iamRegion(partition: string): string {
  if (partition === "aws-cn") return "cn-north-1";
  return partition === "aws-us-gov" ? "us-gov-west-1" : "us-east-1";
}

const rolesAlone = ({ roleArns }: Watched): Watched => ({
  keyArns: [],
  bucketArns: [],
  featureGroups: [],
  roleArns,
});

/** Events about roles appear in IAM's region, all others in the store's. */
function inRegion(all: Watched, partition: string, region: string): Watched {
  return iamRegion(partition) === region ? all : { ...all, roleArns: [] };
}

function trail(
  name: string,
  settings: SharedSettings,
  account: "A" | "B",
  watched: pulumi.Output<Watched>,
  options: pulumi.ComponentResourceOptions,
): pulumi.Output<string> {
  const { monitoring, protectData } = settings;
  const own = monitoring?.accounts[account]?.trail;
  if (own && "existing" in own) return pulumi.output(own.existing);
  const { id, partition, region } = accountOf(settings, account);
  const parent = new Trail(`${name}-trail`, options);
  return createTrail(
    name,
    {
      partition,
      region,
      account: id,
      bucketName: own?.bucketName ?? "",
      retentionDays: own?.retentionDays ?? 365,
      data: monitoring?.dataEvents ? watched : undefined,
      protectData,
    },
    parent,
  ).arn;
}

/** The component that a trail and its bucket belong to. */
class Trail extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("feature-store-access:monitoring:Trail", name, {}, opts);
    this.registerOutputs();
  }
}
