// Errors that the compiler finds where stages meet: each line under @ts-expect-error is one, or `tsc` fails. The stages are
// not run; that real ones work is proven by stages.test.ts.
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { z } from "zod";
import { refOf } from "../../components/stages";
import { defineStage, refTo } from "../../components/stage";
import { ref } from "../../components/topologies/offline-store";
import { ref as assumedRoleRef } from "../../components/topologies/assumed-role";

const text = (value: string) => pulumi.output(value);
const bucket = { is: ref("offlineBucket"), account: "B" } as const;
const given = () => ({ bucketName: text("b"), bucketArn: text("arn:aws:s3:::b") });

/** Compiled, and never called: each definition has one mistake. */
const mistakes = {
  aNeedThatIsNotDeclared: () =>
    defineStage({
      ...bucket,
      needs: { writer: ref("writer") },
      // @ts-expect-error featureGroups is not among the stage's needs
      program: (_, { writer, featureGroups }) => ({ ...given(), bucketArn: featureGroups ?? writer.roleArn }),
    }),

  noNeeds: () =>
    defineStage({
      ...bucket,
      // @ts-expect-error the stage needs nothing
      program: (_, { writer }) => ({ ...given(), bucketArn: writer }),
    }),

  aMisspeltNeed: () =>
    defineStage({
      ...bucket,
      needs: { writer: ref("writer") },
      // @ts-expect-error writr is no need
      program: (_, { writr }) => ({ ...given(), bucketArn: writr }),
    }),

  aMisspeltValue: () =>
    defineStage({
      ...bucket,
      needs: { writer: ref("writer") },
      // @ts-expect-error a writer gives no rolArn
      program: (_, { writer }) => ({ ...given(), bucketArn: writer.rolArn }),
    }),

  aValueThatTheContractMayLack: () =>
    defineStage({
      ...bucket,
      needs: { writer: ref("writer") },
      // @ts-expect-error onlineKeyArn may be left out
      program: (_, { writer }) => ({ ...given(), bucketArn: writer.onlineKeyArn }),
    }),

  aContractThatLacksAValue: () =>
    defineStage({
      ...bucket,
      // @ts-expect-error bucketArn is missing
      program: () => ({ bucketName: text("b") }),
    }),

  aContractWithAWrongValue: () =>
    defineStage({
      ...bucket,
      // @ts-expect-error bucketArn is a text
      program: () => ({ ...given(), bucketArn: pulumi.output(1) }),
    }),

  aContractWithAPlainValue: () =>
    defineStage({
      ...bucket,
      // @ts-expect-error bucketArn is an output
      program: () => ({ ...given(), bucketArn: "arn:aws:s3:::b" }),
    }),

  aSurplusValue: () =>
    defineStage({
      ...bucket,
      // @ts-expect-error the contract has no region
      program: () => ({ ...given(), region: text("us-east-1") }),
    }),

  // @ts-expect-error there is no such kind
  aKindThatDoesNotExist: () => ref("offlineBuket"),
  // @ts-expect-error another topology's kind is not among this one's
  anotherTopologysKind: () => ref("centralStore"),
  // @ts-expect-error a consumer's stage is of one consumer
  aConsumersKindWithoutItsConsumer: () => assumedRoleRef("consumer"),
  // @ts-expect-error there is one central store, of no consumer
  aConsumerWhereThereIsNone: () => assumedRoleRef("centralStore", "ml-team"),

  aWatchedValueThatIsNone: () =>
    defineStage({
      ...bucket,
      // @ts-expect-error the stage's own contract has no keyArn
      watched: (_, { keyArn }) => [keyArn],
      program: given,
    }),
};

describe("a typed stage", () => {
  const ofTest = refTo({
    store: { contract: z.object({ name: z.string() }), givesRole: true },
    reader: { contract: z.object({ name: z.string() }), per: "consumer" },
  });
  const reader = defineStage({
    is: ofTest("reader", "ml-team"),
    account: "A",
    needs: { store: ofTest("store"), other: ofTest("reader", "ads") },
    program: (_, { store, other }) => ({ name: pulumi.interpolate`${store.name} ${other.name}` }),
  });

  it("has its kind's and its needs' names", () => {
    expect(Object.keys(mistakes)).to.have.length(14);
    expect(reader).to.deep.include({
      name: "reader:ml-team",
      account: "A",
      consumer: "ml-team",
      needs: ["store", "reader:ads"],
    });
    expect(ofTest("store").kind).to.deep.include({ givesRole: true });
  });

  it("is given just what it needs, and says what it was not given", () => {
    expect(() => reader.program({} as never, { store: { name: text("s") } })).to.throw("reader:ads");
  });

  it("is told by its name", () => {
    expect(refOf("consumer:ml-team")).to.deep.include({ name: "consumer:ml-team", of: "ml-team" });
    expect(refOf("consumer:ml-team")?.kind.per).to.equal("consumer");
    expect(refOf("monitoring:A")?.kind.per).to.equal("account");
    expect(refOf("writer")?.kind).to.deep.include({ givesRole: true });
    for (const none of ["consumer", "writer:x", "nobody", "consumer:a:b", "constructor", ""])
      expect(refOf(none), none).to.equal(undefined);
  });
});
