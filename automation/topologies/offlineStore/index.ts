/** Topology offline-store for the driver: feature groups of account A whose offline store is in account B's bucket. */
import { accountOf, type Settings } from "../../../components/settings";
import { writerActions } from "../keyUsers";
import { storeFacts } from "../modelFacts";
import type { Topology } from "../topology";
import { summary } from "./summary";

export const offlineStore: Topology<"offline-store"> = {
  name: "offline-store",
  setting: "offlineStore",

  facts(settings, model) {
    const verifiable = settings.verification.trustDeployer;
    const store = storeFacts(settings, model, "offlineStore", {
      additionalWriterRoleArns: writersOf(settings),
      ...(verifiable ? { verifierArn: settings.accounts["A"]?.deployerRoleArn } : {}),
    });
    return store && { store };
  },

  existingRoles: (settings) =>
    writersOf(settings).map((arn, index) => ({
      setting: `offlineStore.additionalWriterRoleArns[${index}]`,
      arn,
      isUsed: false,
    })),

  keyNeeds(settings, half) {
    const store = settings.offlineStore;
    if (!store || half === "online") return [];
    const { id, partition } = accountOf(settings, "B");
    const actions = writerActions(store);
    return [
      ...writersOf(settings).map((principal) => ({
        who: "an additional writer",
        principal,
        actions,
        through: "s3" as const,
      })),
      // Account B's IAM decides which of its roles read the offline store: the key has to allow the account.
      {
        who: "account B's readers",
        principal: `arn:${partition}:iam::${id}:role/reader`,
        actions: ["kms:Decrypt"],
        through: "s3",
      },
    ];
  },

  summary,

  async *attempts(verification) {
    if (!verification.settings.offlineStore) return;
    // AWS's clients take a while to load, and only the verification needs them.
    const { attempts } = await import("./verification.js");
    yield* attempts(verification, verification.settings.offlineStore);
  },
};

const writersOf = ({ offlineStore: store }: Settings) => store?.additionalWriterRoleArns ?? [];
