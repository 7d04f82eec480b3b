// Wiring between stacks, on values as the engine's events and stacks carry them. That the engine keeps an unknown
// input unknown through a program is proven with the real engine in test/integration.
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import {
  asInputs,
  fromEventOutputs,
  fromStackOutputs,
  holdsUnknown,
  previewedOver,
  UNKNOWN_MARKER,
} from "../../../automation/graph/wiring";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

interface Inspectable {
  isKnown: Promise<boolean>;
  isSecret: Promise<boolean>;
  promise(withUnknowns?: boolean): Promise<unknown>;
}

async function inspect(output: pulumi.Output<unknown> | undefined) {
  const inner = output as unknown as Inspectable;
  return { known: await inner.isKnown, secret: await inner.isSecret, value: await inner.promise() };
}

describe("wiring", () => {
  it("takes plain outputs as they are", async () => {
    const values = fromStackOutputs({
      roleArn: { value: "arn:aws:iam::111111111111:role/w", secret: false },
    });
    const inputs = asInputs(values, ["roleArn"]);
    expect(await inspect(inputs["roleArn"])).to.deep.equal({
      known: true,
      secret: false,
      value: "arn:aws:iam::111111111111:role/w",
    });
  });

  it("keeps an unknown unknown, also deep inside a value", async () => {
    const values = fromEventOutputs({
      arn: UNKNOWN_MARKER,
      groups: { orders: { arn: UNKNOWN_MARKER, name: "orders" } },
    });
    expect(holdsUnknown(values["groups"]?.value)).to.equal(true);
    const inputs = asInputs(values, ["arn", "groups"]);
    expect((await inspect(inputs["arn"])).known).to.equal(false);
    expect((await inspect(inputs["groups"])).known).to.equal(false);
  });

  it("makes an output that upstream did not give unknown, not undefined", async () => {
    expect((await inspect(asInputs({}, ["bucketName"])["bucketName"])).known).to.equal(false);
  });

  it("keeps a secret secret, from the events' envelope and from the stack's outputs", async () => {
    const values = fromEventOutputs({
      a: { ...SECRET, plaintext: '"s3cret"' },
      b: { ...SECRET, value: "other" },
    });
    expect(values).to.deep.equal({
      a: { value: "s3cret", secret: true },
      b: { value: "other", secret: true },
    });
    expect(await inspect(asInputs(values, ["a"])["a"])).to.deep.equal({
      known: true,
      secret: true,
      value: "s3cret",
    });
  });

  it("counts a secret that an event hides as unknown and secret", async () => {
    const values = fromEventOutputs({ a: "[secret]", b: { ...SECRET } });
    for (const name of ["a", "b"]) {
      const { known, secret } = await inspect(asInputs(values, [name])[name]);
      expect({ known, secret }).to.deep.equal({ known: false, secret: true });
    }
  });

  it("lays what a preview says over what is deployed", () => {
    const deployed = {
      bucketName: { value: "old", secret: false },
      bucketArn: { value: "arn:old", secret: false },
    };
    const previewed = { bucketName: { value: UNKNOWN_MARKER, secret: false } };
    expect(previewedOver(deployed, previewed)).to.deep.equal({ ...deployed, ...previewed });
    expect(previewedOver(undefined, previewed)).to.deep.equal(previewed);
  });
});
