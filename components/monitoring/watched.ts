/** Turns the things that stages let monitoring watch into what the rules' patterns name. */
import * as pulumi from "@pulumi/pulumi";
import type { WatchedThing } from "../watched";
import type { Watched } from "./patterns";

/** @returns AWS's ARNs, and as many stand-ins of the same length */
export function watchedBy(things: readonly WatchedThing[]): {
  readonly watched: pulumi.Output<Watched>;
  readonly planned: Watched;
} {
  const watched = pulumi
    .all(things.map(({ actual }) => actual))
    .apply((arns) => byKind(things.map((thing, index) => ({ ...thing, arn: arns[index] ?? "" }))));
  return { watched, planned: byKind(things.map((thing) => ({ ...thing, arn: thing.planned }))) };
}

function byKind(
  things: readonly (Pick<WatchedThing, "kind" | "name"> & { readonly arn: string })[],
): Watched {
  const arns = (kind: WatchedThing["kind"]) =>
    things.filter((each) => each.kind === kind).map(({ arn }) => arn);
  return {
    keyArns: arns("key"),
    bucketArns: arns("bucket"),
    roleArns: arns("role"),
    featureGroups: things.flatMap(({ kind, name = "", arn }) =>
      kind === "featureGroup" ? [{ name, arn }] : [],
    ),
  };
}
