/** Reads the contracts of deployed stages by references to the stages. */
import type { Ref } from "../../components/stage";

/** By stage: its outputs as plain values. */
export type Contracts = Readonly<Record<string, unknown>>;
/** @returns undefined if the stage is not deployed */
export type ContractOf = (stage: string) => Promise<unknown>;

/** @returns the stage's outputs, in the form of its contract. @throws Error, a bug, if it is not deployed */
export function contractOf<C>(contracts: Contracts, { name }: Ref<C>): C {
  const contract = contracts[name];
  if (contract === undefined) throw new Error(`stage ${name} is not deployed`);
  return contract as C;
}
