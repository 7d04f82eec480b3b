/** The change of a deployed feature group that its settings ask for. */
import type { FeatureGroupSettings, FeatureSettings } from "../../components/settings";

export type Ttl = NonNullable<FeatureGroupSettings["ttl"]>;
export type Throughput = NonNullable<FeatureGroupSettings["throughput"]>;
/** The features that identify a record: with other ones, it is another group. */
export type Identity = "recordIdentifier" | "eventTime";

export interface SchemaChange {
  /** Name of the feature group. */
  readonly group: string;
  /** In the order of the settings. */
  readonly added: readonly FeatureSettings[];
  /** Features that the group has and the settings do not name. */
  readonly removed: readonly string[];
  readonly retyped: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  /** Absent if unchanged. */
  readonly identity?: readonly { readonly setting: Identity; readonly from: string; readonly to: string }[];
  /** The online store's default time to live; without `to` it is removed. */
  readonly ttl?: { readonly from?: Ttl; readonly to?: Ttl };
  readonly throughput?: { readonly from: Throughput; readonly to: Throughput };
}
