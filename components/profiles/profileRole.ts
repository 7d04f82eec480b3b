/** A role with a ready set of permissions on a store's feature groups. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FeatureGroupContract, ProfilesContract } from "../contracts";
import { profilePolicy, profileTrustPolicy, type ProfileFacts } from "../policies/profiles";
import type { FeatureGroupSettings, ProfileSettings, Tags } from "../settings";

export interface ProfileRoleArgs {
  profile: ProfileSettings;
  /** All groups of the store in the settings, with the tags that they have once they are made. */
  groups: readonly Pick<FeatureGroupSettings, "name" | "onlineStore" | "tableFormat">[];
  tags: Readonly<Record<string, Tags>>;
  /** What the stages of the store give. */
  store: {
    readonly featureGroups: pulumi.Output<Readonly<Record<string, FeatureGroupContract>>>;
    readonly bucketArn: pulumi.Output<string>;
    readonly roleArn: pulumi.Output<string>;
    readonly onlineKeyArn?: pulumi.Output<string> | undefined;
    readonly offlineKeyArn?: pulumi.Output<string> | undefined;
  };
  place: Pick<ProfileFacts, "partition" | "region" | "account" | "groupAccount" | "bucketAccount" | "prefix">;
}

export class ProfileRole extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;
  /** Unique ID of the role: another, if the role was made again. */
  readonly roleId: pulumi.Output<string>;

  constructor(name: string, args: ProfileRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:profiles:ProfileRole", name, {}, opts);

    const { profile } = args;
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: `Profile ${profile.name}: ${profile.profile} of the feature groups of ${profile.store}`,
        assumeRolePolicy: JSON.stringify(profileTrustPolicy(profile)),
      },
      { parent: this },
    );
    const policy = this.policy(args, role.uniqueId);
    const access = new aws.iam.RolePolicy(`${name}-access`, { role: role.name, policy }, { parent: this });

    // Who is given the role uses it at once: by then it has to have its permissions.
    this.roleArn = pulumi.all([role.arn, access.id]).apply(([arn]) => arn);
    this.roleId = role.uniqueId;
    this.registerOutputs({ roleArn: this.roleArn, roleId: this.roleId });
  }

  /** What the stage gives of it. */
  contract(): pulumi.Output<ProfilesContract["profiles"][string]> {
    return pulumi.all([this.roleArn, this.roleId]).apply(([roleArn, roleId]) => ({ roleArn, roleId }));
  }

  private policy(args: ProfileRoleArgs, roleId: pulumi.Output<string>): pulumi.Output<string> {
    const { profile, groups, tags, store, place } = args;
    return pulumi
      .output({
        featureGroups: store.featureGroups,
        bucketArn: store.bucketArn,
        storeRoleArn: store.roleArn,
        onlineKeyArn: store.onlineKeyArn,
        offlineKeyArn: store.offlineKeyArn,
        roleId,
      })
      .apply(({ featureGroups, ...known }) =>
        JSON.stringify(
          profilePolicy({
            ...place,
            ...known,
            profile: profile.profile,
            scope: profile.scope,
            groups: groups.flatMap(({ name: group, onlineStore, tableFormat }) => {
              const made = Object.hasOwn(featureGroups, group) ? featureGroups[group] : undefined;
              if (!made) throw notThereYet(profile, group);
              const iceberg = tableFormat === "Iceberg";
              return [{ ...made, onlineStore, iceberg, tags: tags[group] ?? {} }];
            }),
          }),
        ),
      );
  }
}

function notThereYet({ name, store }: ProfileSettings, group: string): pulumi.RunError {
  const stage = store === "centralStore" ? "centralStore" : "featureGroups";
  return new pulumi.RunError(
    `${store} has no feature group ${group} yet, which profile ${name} may be for: update stage ${stage} first`,
  );
}
