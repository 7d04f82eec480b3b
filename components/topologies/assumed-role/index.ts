/** Topology assumed-role: account B's central store, which consumers reach through a role of account B. */
import type { Topology } from "../../topology";
import { kinds } from "./kinds";
import { quotas } from "./quotas";
import { rules } from "./rules";
import {
  accountsOf,
  normalise,
  shape,
  type CentralStoreSettings,
  type ConsumerSettings,
  type OwnSettings,
} from "./settings";
import { stages } from "./stages";
import { store } from "./store";

export { accessByGroup, effectiveAccess } from "./access";
export { executionRoleName } from "./consumer";
export { crossAccountRoleName, workgroupName } from "./crossAccountRole";
export {
  kinds,
  ref,
  type CentralStoreContract,
  type ConsumerContract,
  type ConsumerGrantsContract,
  type CrossAccountRoleContract,
} from "./kinds";
export type { Permission } from "./policies/facts";
export type { CentralStoreSettings, ConsumerSettings } from "./settings";

export const assumedRole: Topology<typeof shape, OwnSettings> = {
  name: "assumed-role",
  setting: "centralStore",
  shape,
  rules,
  normalise,
  accounts: accountsOf,
  buckets: ({ centralStore, consumers }) => [
    ...(centralStore ? [["centralStore.bucketName", centralStore.bucketName] as const] : []),
    ...Object.entries(consumers).map(
      ([name, { resultsBucket }]) => [`consumers.${name}.resultsBucket.name`, resultsBucket.name] as const,
    ),
  ],
  roles: ({ centralStore }) => [
    {
      setting: "centralStore.keyAdministrators",
      arns: centralStore?.keyAdministrators ?? [],
      account: "B",
    },
  ],
  quotas,
  kinds,
  stages: ({ centralStore, consumers }) => (centralStore ? stages(centralStore, consumers) : []),
  everyStage: (consumers) =>
    stages(
      {} as CentralStoreSettings,
      consumers.map((name) => ({ name, account: name }) as ConsumerSettings),
    ),
  less({ accounts, consumers }, consumer) {
    const kept = consumers.filter(({ name }) => name === consumer);
    const isLeft = (name: string) =>
      consumers.some(({ account }) => account === name) && !kept.some(({ account }) => account === name);
    const left = Object.entries(accounts).filter(([name]) => name === "A" || name === "B" || !isLeft(name));
    return [{ consumers: kept, accounts: Object.fromEntries(left) }, { centralStore: undefined }];
  },
  store,
};
