/** The existing keys in the settings, and the uses of each. Pure. */
import { CREATOR_ACTIONS, type KeyNeed, type KeyUse } from "../../../access/keyUse";
import { existingKeyArn, type Settings } from "../../../components/settings";
import { storesOf } from "../../../components/topologies";
import type { PlacedStore } from "../../../components/topology";
import { topologies } from "../../topologies";
import { roleToBe, writerActions } from "../../topologies/keyUsers";
import type { KnownRoles } from "../../topologies/topology";

export interface ExistingKey {
  readonly arn: string;
  /** Name of the account in the settings. */
  readonly account: string;
  /** Paths of the settings that name it: `centralStore.keys.online`. */
  readonly settings: readonly string[];
  readonly use: KeyUse;
}

/** @returns each existing key once, with all its uses */
export function existingKeys(settings: Settings, roles: KnownRoles = {}): ExistingKey[] {
  return storesOf(settings).flatMap((store) => {
    const { setting, account, place } = store;
    const { keys } = store.settings;
    const keyOf = {
      online: keys.online === "shared" ? existingKeyArn(keys.offline) : existingKeyArn(keys.online),
      offline: existingKeyArn(keys.offline),
    };
    const arns = [...new Set([keyOf.online, keyOf.offline])].filter((arn) => arn !== undefined);
    return arns.map((arn) => {
      const stores = (["online", "offline"] as const).filter((half) => keyOf[half] === arn);
      const needs = stores.flatMap((half) => needsOf(settings, store, half, roles));
      const named = stores.filter((half) => existingKeyArn(keys[half]) !== undefined);
      return {
        arn,
        account,
        settings: named.map((half) => `${setting}.keys.${half}`),
        use: { stores, account: place.id, region: place.region, needs },
      };
    });
  });
}

/** The deployer creates the feature groups, the store's role writes their offline store, and topologies add users. */
function needsOf(
  settings: Settings,
  store: PlacedStore,
  half: "online" | "offline",
  roles: KnownRoles,
): KeyNeed[] {
  const { place, stages, roleName, setting } = store;
  const role = {
    who: "the feature groups' role",
    principal: roles[stages.role] ?? roleToBe(place, roleName),
    actions: writerActions(store.settings),
    through: "s3" as const,
  };
  return [
    {
      who: "the deployer, who creates the feature groups,",
      principal: place.deployerRoleArn,
      actions: half === "online" ? CREATOR_ACTIONS : ["kms:DescribeKey"],
      through: "sagemaker",
    },
    ...(half === "offline" ? [role] : []),
    ...topologies
      .filter((topology) => topology.setting === setting)
      .flatMap((topology) => topology.keyNeeds?.(settings, half, roles) ?? []),
  ];
}
