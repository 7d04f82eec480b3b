/** One provider per account, by assumed role, that refuses to act in any other account. */
import * as aws from "@pulumi/aws";
import type { AccountName, Settings } from "./settings";

/** Tag that every resource of the project carries. */
const PROJECT_TAG = { "feature-store-access": "managed" };

export class Accounts {
  private readonly made = new Map<AccountName, aws.Provider>();

  constructor(private readonly settings: Settings) {}

  /** The account's provider in the running program: made on first use, one per stack. */
  provider(name: AccountName): aws.Provider {
    const known = this.made.get(name);
    if (known) return known;
    const { id, region, deployerRoleArn, externalId } = this.settings.accounts[name];
    const provider = new aws.Provider(`account-${name.toLowerCase()}`, {
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
    this.made.set(name, provider);
    return provider;
  }
}
