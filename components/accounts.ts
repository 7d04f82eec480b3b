/** One provider per account, by assumed role, that refuses to act in any other account. */
import * as aws from "@pulumi/aws";
import { accountOf, type AccountName, type SharedSettings } from "./settings/types";

/** Tag that every resource of the project carries. */
const PROJECT_TAG = { "feature-store-access": "managed" };

export class Accounts {
  private readonly made = new Map<string, aws.Provider>();

  constructor(private readonly settings: SharedSettings) {}

  /**
   * The account's provider in the running program: one per stack, made on first use.
   * @param inRegion the region it acts in, if not the account's own
   */
  provider(name: AccountName, inRegion?: string): aws.Provider {
    const { id, region: own, deployerRoleArn, externalId } = accountOf(this.settings, name);
    const region = inRegion ?? own;
    const logicalName = `account-${name.toLowerCase()}${region === own ? "" : `-${region}`}`;
    const known = this.made.get(logicalName);
    if (known) return known;
    const provider = new aws.Provider(logicalName, {
      region: region as aws.Region,
      assumeRoles: [
        {
          roleArn: deployerRoleArn,
          sessionName: "feature-store-access",
          ...(externalId ? { externalId } : {}),
        },
      ],
      allowedAccountIds: [id],
      defaultTags: { tags: { ...this.settings.tags, ...PROJECT_TAG } },
    });
    this.made.set(logicalName, provider);
    return provider;
  }
}
