/** A role with a ready set of permissions on a store's feature groups. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StoreValues, Wired } from "../contract";
import { profilePolicy, profileTrustPolicy } from "../policies/profiles";
import type { ProfileSettings, SharedSettings } from "../settings/types";
import type { PlacedStore } from "../topology";
import { profileFacts } from "./facts";
import type { ProfilesContract } from "./kinds";

export interface ProfileRoleArgs {
  settings: SharedSettings;
  profile: ProfileSettings;
  store: PlacedStore;
  /** The outputs of the store's stages. */
  given: Wired<StoreValues>;
}

const roleName = (name: string) => `${name}-role`;
/** Logical names of the component of a profile, and of its role. */
export const profileComponent = (profile: string) => `profile-${profile}`;
export const profileRoleName = (profile: string) => roleName(profileComponent(profile));

export class ProfileRole extends pulumi.ComponentResource {
  /** The part of its stage's outputs that it contributes. */
  readonly outputs: pulumi.Output<ProfilesContract["profiles"][string]>;

  constructor(name: string, args: ProfileRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:profiles:ProfileRole", name, {}, opts);

    const { profile } = args;
    const role = new aws.iam.Role(
      roleName(name),
      {
        description: `Profile ${profile.name}: ${profile.profile} of the feature groups of ${profile.store}`,
        assumeRolePolicy: JSON.stringify(profileTrustPolicy(profile)),
      },
      { parent: this },
    );
    const policy = this.policy(args, role.uniqueId);
    const access = new aws.iam.RolePolicy(`${name}-access`, { role: role.name, policy }, { parent: this });

    // Others use the role as soon as its ARN is known, so it needs its permissions by then.
    const roleArn = pulumi.all([role.arn, access.id]).apply(([arn]) => arn);
    this.outputs = pulumi.output({ roleArn, roleId: role.uniqueId });
    this.registerOutputs({ roleArn, roleId: role.uniqueId });
  }

  private policy(args: ProfileRoleArgs, roleId: pulumi.Output<string>): pulumi.Output<string> {
    const { settings, profile, store, given } = args;
    return pulumi
      .output({ ...given, roleId })
      .apply((values) => JSON.stringify(profilePolicy(profileFacts(settings, profile, store, values))));
  }
}
